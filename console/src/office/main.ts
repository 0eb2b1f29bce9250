import '../design/base.css';
import './office.css';
import { mount } from 'svelte';
import { i18n } from '../i18n/i18n.svelte';
import OfficeApp from './OfficeApp.svelte';
import { theme } from './theme.svelte';

i18n.start();
theme.start();
mount(OfficeApp, { target: document.getElementById('app')! });
