// Loaded into a bot before anything else: each SIGUSR2 moves its wall clock an hour ahead, as a bad NTP server would.
const HOUR_MS = 3_600_000;
const RealDate = Date;
let offsetMs = 0;
process.on('SIGUSR2', () => {
  offsetMs += HOUR_MS;
});
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }
  static now() {
    return RealDate.now() + offsetMs;
  }
};
