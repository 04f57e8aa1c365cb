import { render } from 'preact';
import { Layout } from './layout.tsx';
import { settings } from './settings.ts';
import { watch } from './state.ts';
import './style/page.css';

document.title = settings.title;
watch();
render(<Layout />, document.body);
