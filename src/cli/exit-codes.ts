/** No fault, or the answer is yes. */
export const OK = 0;
/** It ran, and found a fault. */
export const NOT_OK = 1;
/** The input cannot be read. */
export const UNREADABLE = 2;
/** EX_USAGE of sysexits.h: the command line is wrong. No check exits with it, so that a typing error is not taken for a result. */
export const USAGE = 64;
/** EX_UNAVAILABLE of sysexits.h: Slack, Redis or the cluster cannot be reached; a restart may help, as Kubernetes does it. */
export const UNREACHABLE = 69;
/** EX_SOFTWARE of sysexits.h: an uncaught error; it shut down gracefully, and has to be restarted. */
export const FAILED = 70;
/** EX_CONFIG of sysexits.h: the settings are wrong, and a restart does not help. */
export const CONFIG_FAULT = 78;
