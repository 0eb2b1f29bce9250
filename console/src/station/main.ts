import '../design/base.css';
import './station.css';
import { mount } from 'svelte';
import { i18n } from '../i18n/i18n.svelte';
import StationApp from './StationApp.svelte';

i18n.start();
mount(StationApp, { target: document.getElementById('app')! });
