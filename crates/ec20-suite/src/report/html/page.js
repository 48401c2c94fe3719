// The dialogues come as numbers and texts; they are written as text, never as markup.
const talks = JSON.parse(document.getElementById('dialogues').textContent);
const make = (name, cls, text) => { const e = document.createElement(name); if (cls) e.className = cls; if (text !== undefined) e.textContent = text; return e; };
// By kind: class, arrow, its words for a screen reader, what stands in the last column where nothing was asked for.
const KINDS = [['out', '→', 'sent', ''], ['out', '→', 'sent and echoed', ''], ['in', '←', 'came', ''], ['in', '←', 'came unasked', ''],
  ['in stray', '←', 'stray bytes', 'no line'], ['in wrong', '←', 'came instead', ''], ['note', '·', 'note', ''],
  ['out aside', '→', 'the runner asked', "the runner's own question"], ['out aside', '→', 'the runner asked', "the runner's own question"], ['in aside', '←', 'came', '']];

// Bytes with line ends and other escapes set back, so that the text stands out.
function bytes(text) {
  const code = make('code');
  for (const part of text.split(/(\\\\|\\r|\\n|\\t|\\x[0-9a-f]{2})/)) {
    if (/^\\[rntx]/.test(part)) code.append(make('s', '', part)); else code.append(part);
  }
  return code;
}
const bare = text => text.replace(/^(\\r\\n)/, '').replace(/(\\r\\n)$/, '');

function table(numbers, label) {
  const t = make('table', 'dialogue'), head = t.createTHead().insertRow(), body = t.createTBody();
  t.append(make('caption', 'hush', label));
  for (const h of ['ms', '', 'bytes', 'asked for']) { const th = make('th', '', h); th.scope = 'col'; if (!h) th.append(make('span', 'hush', 'who')); head.append(th); }
  let tenths = 0;
  for (let i = 0; i < numbers.length; i += 4) {
    const [dt, kind, text, asked] = numbers.slice(i, i + 4), [cls, arrow, words, hint] = KINDS[kind] || KINDS[4];
    tenths += dt;
    const row = body.insertRow(); row.className = cls;
    row.append(make('td', 't', (tenths / 10).toFixed(1)));
    const d = make('td', 'd'), sign = make('span', '', arrow); sign.setAttribute('aria-hidden', 'true');
    d.append(sign, make('span', 'hush', words)); row.append(d);
    const b = make('td', 'b'); b.append(kind === 6 ? talks.texts[text] : bytes(talks.texts[text]));
    if (kind === 1 || kind === 8) b.append(' ', make('small', '', 'echoed'));
    row.append(b);
    const x = make('td', 'x');
    if (asked === -2) x.append(bytes(bare(talks.texts[text]))); else if (asked >= 0) x.append(bytes(talks.texts[asked])); else if (hint) x.append(make('small', '', hint));
    row.append(x);
  }
  return t;
}

function show(element) {
  const place = element.querySelector('.talk'), attempts = talks.cases[element.dataset.at] || [];
  if (place.firstChild) return;
  attempts.forEach((numbers, n) => {
    const label = 'Dialogue' + (attempts.length > 1 ? ' of attempt ' + (n + 1) : '');
    if (attempts.length > 1) place.append(make('p', 'label', label));
    if (numbers.length) { const frame = make('div', 'scroll'); frame.append(table(numbers, label)); place.append(frame); }
    else place.append(make('p', 'soft', 'Nothing was said.'));
  });
}
document.addEventListener('toggle', event => { if (event.target.open && event.target.matches('.case')) show(event.target); }, true);
document.querySelectorAll('.case[open]').forEach(show);

// The filter: verdicts, and words that all must stand in a case, its dialogue, or a clause.
const form = document.getElementById('filter'), box = form.querySelector('[type=search]'), said = form.querySelector('output');
const checks = [...form.querySelectorAll('[type=checkbox]')], cases = [...document.querySelectorAll('.case')], clauses = [...document.querySelectorAll('.matrix tbody tr')];
const texts = new Map();
function textOf(e) {
  if (!texts.has(e)) {
    let text = e.textContent;
    const at = e.dataset.at;
    if (at) for (const numbers of talks.cases[at] || []) for (let i = 2; i < numbers.length; i += 4) text += '\n' + talks.texts[numbers[i]];
    texts.set(e, text.toLowerCase());
  }
  return texts.get(e);
}
function filter() {
  const verdicts = new Set(checks.filter(c => c.checked).map(c => c.value)), words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = e => (!verdicts.size || verdicts.has(e.dataset.m)) && words.every(w => textOf(e).includes(w));
  let left = 0;
  for (const e of cases) { const on = fits(e); if (e.hidden === on) e.hidden = !on; left += on; }
  for (const e of clauses) { const on = fits(e); if (e.hidden === on) e.hidden = !on; }
  for (const g of document.querySelectorAll('.group')) g.hidden = !g.querySelector('tbody tr:not([hidden])');
  said.textContent = verdicts.size || words.length ? left + ' of ' + cases.length + ' cases' : '';
}
function keep() {
  const parts = [], verdicts = checks.filter(c => c.checked).map(c => c.value);
  if (verdicts.length) parts.push('v=' + verdicts.join(','));
  if (box.value) parts.push('q=' + encodeURIComponent(box.value));
  history.replaceState(null, '', '#' + parts.join('&'));
  filter();
}
form.addEventListener('input', keep);
form.addEventListener('submit', event => event.preventDefault());
form.hidden = false;

// A link can name a case, a clause, or a filter: #c-ID, #k-ID, #v=fail&q=text.
function follow() {
  const hash = location.hash.slice(1);
  if (/^[vq]=/.test(hash)) {
    const wanted = new URLSearchParams(hash.replace(/\+/g, '%2B'));
    const verdicts = (wanted.get('v') || '').split(',');
    for (const c of checks) c.checked = verdicts.includes(c.value);
    box.value = wanted.get('q') || '';
    filter();
    return;
  }
  let target = null;
  try { target = document.getElementById(decodeURIComponent(hash)); } catch { /* a hash that is no text names nothing */ }
  if (!target) return;
  if (target.hidden || target.closest('[hidden]')) { for (const c of checks) c.checked = false; box.value = ''; filter(); }
  if (target.matches('.case')) { target.open = true; show(target); target.querySelector('summary').focus({ preventScroll: true }); }
  target.scrollIntoView();
}
addEventListener('hashchange', follow);
addEventListener('keydown', event => { if (event.key === '/' && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); box.focus(); } });
if (location.hash) follow();
