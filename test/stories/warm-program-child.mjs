import { pathToFileURL } from 'node:url';

// Loads one sub-command of the built program, and runs it as often as it is asked to.
const [file, name] = process.argv.slice(2);
const { [name]: command } = await import(pathToFileURL(file));
const streams = { out: process.stdout, err: process.stderr };

process.on('message', async ({ args, env }) => {
  const said = { out: '', err: '' };
  for (const [which, stream] of Object.entries(streams)) {
    stream.write = (chunk) => {
      said[which] += chunk;
      return true;
    };
  }
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, env);
  process.send({ code: await command(...args), ...said });
});
process.send('loaded');
