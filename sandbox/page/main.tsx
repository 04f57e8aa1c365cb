import { render } from 'preact';
import { RackView } from './rack/rack-view.tsx';
import { watch } from './state.ts';
import './style/page.css';
import { Tour } from './tour/tour.tsx';

watch();
render(
  <>
    <Tour />
    <RackView />
  </>,
  document.body,
);
