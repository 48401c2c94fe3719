// The filter: words that all must stand in a rule's name, clause, sentence or examples.
const box = document.getElementById('filter'), said = document.getElementById('said');
const rules = [...document.querySelectorAll('.rule')].map(e => [e, e.textContent.toLowerCase()]);
const groups = [...document.querySelectorAll('.group,.chapter')];
function filter() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const [e, text] of rules) { const on = words.every(w => text.includes(w)); e.hidden = !on; left += on; }
  for (const g of groups) g.hidden = !g.querySelector('.rule:not([hidden])');
  said.textContent = words.length ? left + ' of ' + rules.length + ' rules' : '';
}
box.addEventListener('input', filter);
// A link to a rule that the filter hides shows it.
addEventListener('hashchange', () => {
  const e = document.getElementById(location.hash.slice(1));
  if (e && e.hidden) { box.value = ''; filter(); e.scrollIntoView(); }
});
document.querySelector('nav label').hidden = false;
