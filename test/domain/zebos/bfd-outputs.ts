/** What routers print of their BFD sessions: ZebOS and OcNOS (table and details), FRR (whole and brief). */
export const ZEBOS = `spk-bgp[0]>show bfd session
BFD process for VRF: (DEFAULT VRF)
=====================================================================================
Sess-Idx   Remote-Disc  Lower-Layer  Sess-Type   Sess-State  UP-Time  Remote-Addr
1          1            IPv4         Multi-Hop   Up          00:29:11 10.20.1.1/32
2          0            IPv4         Multi-Hop   Down        00:00:00 10.20.1.2/32
3          0            IPv4         Multi-Hop   Admin Down  00:00:00 10.20.1.3/32
257        258          IPv6         Multi-Hop   Up          00:29:11 2001:db8:20:1:aaaa:bbbb:cccc:1/128
258        0            IPv6         Multi-Hop   Init        00:00:00 2001:db8:20:1:aaaa:bbbb:cc
cc:2/128
Number of Sessions:    5
`;

export const OCNOS = `OcNOS#show bfd session
BFD process for VRF: (DEFAULT VRF)
=====================================================================================
Sess-Idx   Remote-Disc  Lower-Layer  Sess-Type   Sess-State  UP-Time    Interface  Down-Reason        Remote-Addr
1          2            IPv4         Single-Hop  Up          00:01:02   xe1        NA                 10.20.1.1/32
2          0            IPv4         Single-Hop  Down        00:00:00   xe2        Control-Expiry     10.20.1.2/32
Number of Sessions:    2

BFD process for VRF: (red)
=====================================================================================
Sess-Idx   Remote-Disc  Lower-Layer  Sess-Type   Sess-State  UP-Time    Interface  Down-Reason        Remote-Addr
1          2            IPv4         Single-Hop  Down        00:00:00   xe3        NA                 10.20.1.1/32
Number of Sessions:    1
`;

export const DETAILS = `Session Interface Index : 10017 Interface name :xe16
Session Index : 2
Lower Layer : IPv4 Version : 1
Session Type : Multi Hop Session State : Down
Local Discriminator : 2 Local Address : 10.20.1.7/32
Remote Discriminator : 2 Remote Address : 10.20.1.1/32
Local Port : 49153 Remote Port : 3784
Sess down time : 00:00:00
Sess Down Reason : Neighbor signaled down
Session Interface Index: 3 Session Index: 1
Lower Layer: IPv6 Single Hop
Session State: Up
Local Discriminator: 1 Remote Discriminator: 163
Local Address : 2001:db8:20:1::7/128 Remote Address : 2001:db8:20:1:aaaa:bbbb:cc
cc:1/128
`;

export const FRR = `BFD Peers:
	peer 10.20.1.1 local-address 10.20.1.7 vrf default interface eth0
		ID: 2763720472
		Remote ID: 2899552525
		Active mode
		Status: up
		Uptime: 20 minute(s), 3 second(s)
		Diagnostics: ok
		Remote diagnostics: ok
		Peer Type: dynamic
	peer 10.20.1.2 multihop local-address 10.20.1.7
		ID: 6
		Remote ID: 0
		Status: down
		Downtime: 2 minute(s), 16 second(s)
		Diagnostics: control detection time expired
		Remote diagnostics: ok
	peer 10.20.1.3 vrf default
		Status: shutdown
		Diagnostics: ok
		Remote diagnostics: administratively down
	peer 10.20.1.1 vrf red
		Status: down
		Diagnostics: ok
`;

export const BRIEF = `Session count: 3
SessionId  LocalAddress                             PeerAddress                             Status         
=========  ============                             ===========                             ======         
517132321  10.20.1.7                                10.20.1.1                               up             
1163777274 unknown                                  10.20.1.2                               down           
1163777275 2001:db8::7                              2001:db8:20:1:aaaa:bbbb:cccc:1          init           
`;
