/** All is well, or what was asked is so. */
export const OK = 0;
/** It ran, and found that something is not as it should be. */
export const NOT_OK = 1;
/** What it was given cannot be read. */
export const UNREADABLE = 2;
/** EX_UNAVAILABLE of sysexits.h: Slack, Redis or the cluster cannot be reached; worth starting again, as Kubernetes does. */
export const UNREACHABLE = 69;
/** EX_SOFTWARE of sysexits.h: an error that nobody caught; it stopped in order, and wants to be started again. */
export const FAILED = 70;
/** EX_CONFIG of sysexits.h: the settings are wrong, and starting again does not help. */
export const CONFIG_FAULT = 78;
