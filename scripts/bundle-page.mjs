// Bundles the sandbox's page (sandbox/page, Preact in TSX) into sandbox/dist/page.js and page.css.
import { build } from 'esbuild';

await build({
  entryPoints: ['sandbox/page/main.tsx'],
  outfile: 'sandbox/dist/page.js',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  logLevel: 'warning',
});
