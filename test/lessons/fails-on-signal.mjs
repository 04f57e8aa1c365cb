// Loaded into a bot of its own (node --import), so that a test can put a bug into it: an error that nobody catches.
process.on('SIGUSR2', () => void Promise.reject(new Error('a bug in a promise')));
process.on('SIGWINCH', () => {
  setTimeout(() => {
    throw new Error('a bug in a timer');
  });
});
