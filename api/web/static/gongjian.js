// What script adds to pages that work without it: focus and a spoken title after a page was exchanged, keys, one press a form.
'use strict';

// The focus goes to what was told; else to the row in which something was done, if it still stands there; else to the part of the
// page that the address names; else to the heading. It goes there last, once htmx has rolled the page to its address: of two that
// roll it, the second decides what is seen.
let acted;
document.addEventListener('htmx:beforeRequest', (event) => {
  acted = event.target.matches('form') ? event.target.closest('[data-row]')?.dataset.row : undefined;
});
const marked = () => (location.hash ? document.getElementById(location.hash.slice(1)) : null);
document.addEventListener('htmx:afterSettle', (event) => {
  if (event.detail.target !== document.body) return;
  document.getElementById('told').textContent = document.title;
  queueMicrotask(lead);
});

function lead() {
  const told = document.querySelector('[role=alert], [role=status].met');
  const row = acted && document.querySelector(`[data-row="${CSS.escape(acted)}"] a`);
  if (row && !told) return row.focus();
  const part = marked();
  const place = told || part?.querySelector('h2, h3') || part || document.querySelector('main h1');
  if (!place) return;
  place.setAttribute('tabindex', '-1');
  place.focus({ preventScroll: !told && !part });
}

// A form goes out once, with htmx and without. The server takes a step once however often it comes; this only spares the second.
const buttons = (form) => [...form.elements].filter((one) => one.type === 'submit');
document.addEventListener('htmx:beforeSend', (event) => {
  if (event.target.matches('form')) for (const one of buttons(event.target)) one.disabled = true;
});
document.addEventListener('htmx:afterRequest', (event) => {
  if (event.target.matches('form')) for (const one of buttons(event.target)) one.disabled = false;
});
document.addEventListener('submit', (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = '1';
});
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

// "Choose all" is of no use without script, so it is hidden until there is some.
function ready() {
  for (const all of document.querySelectorAll('[data-all]')) {
    all.closest('[hidden]')?.removeAttribute('hidden');
    all.addEventListener('change', () => {
      for (const one of document.querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`)) one.checked = all.checked;
    });
  }
}
document.addEventListener('DOMContentLoaded', ready);
document.addEventListener('htmx:afterSettle', ready);

// Keys, as in other inboxes; none while somebody types or a character is being composed, and none once they are turned off.
const GO = { h: '/', i: '/work-items', n: '/notices', c: '/cases', s: '/supervision' };
let went = 0;
const rows = () => [...document.querySelectorAll('[data-row]')].filter((row) => row.querySelector('a'));

function move(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  all[Math.min(Math.max(at + by, 0), all.length - 1)].querySelector('a').focus();
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.altKey || event.metaKey) return;
  const typing = event.target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select');
  if (typing) {
    if (event.ctrlKey && event.key === 'Enter' && typing.form) typing.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || document.documentElement.dataset.keys === 'off') return;
  if (Date.now() - went < 1200 && GO[event.key]) {
    const link = document.querySelector(`nav a[href="${GO[event.key]}"]`);
    if (link) link.click();
    went = 0;
    return;
  }
  const row = rows().find((one) => one.contains(document.activeElement));
  if (event.key === 'g') went = Date.now();
  else if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
  else if (event.key === 'x') row?.querySelector('input[type=checkbox]')?.click();
  else if (event.key === 's') row?.querySelector('form[action$="/claim"] button, form[action$="/acknowledge"] button')?.click();
  else if (event.key === '/') {
    const search = document.querySelector('[role=search] input');
    if (!search) return;
    search.focus();
    event.preventDefault();
  } else if (event.key === '?') document.querySelector('nav a[href="/help"]')?.click();
});

// A large drawing begins in the middle of its frame: there its first place stands.
document.addEventListener('load', (event) => {
  const frame = event.target.closest?.('.drawing');
  if (frame) frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
}, true);

// News: only the page that is looked at listens, for a browser opens few lines to one host.
let stream;
function listen() {
  stream?.close();
  const news = document.getElementById('news');
  if (!news || document.hidden || !news.hidden) return;
  stream = new EventSource(`/live?since=${news.dataset.since}`);
  stream.addEventListener('news', () => {
    stream.close();
    news.hidden = false;
    if (document.title[0] !== '●') document.title = `● ${document.title}`;
  });
}
document.addEventListener('DOMContentLoaded', listen);
document.addEventListener('htmx:afterSettle', listen);
document.addEventListener('visibilitychange', listen);
