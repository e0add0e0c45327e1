// Comfort only: every page works without this file. Keys, moving in the grid, whole photo, counts, switches, drawing, dropped files, progress.
'use strict';
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const shown = element => element && element.offsetParent !== null;
const typing = element => element?.matches('input:not([type=checkbox]):not([type=radio]):not([type=image]), select, textarea');
const raisesKeyboard = () => matchMedia('(pointer: coarse)').matches;
const svgNS = 'http://www.w3.org/2000/svg';

// Whole photo: a dialog instead of a page.
const viewer = document.createElement('dialog');
viewer.className = 'viewer';
viewer.setAttribute('aria-label', 'Photo');
viewer.innerHTML = '<div class="photo"><div class="frame"><img alt=""><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true"><rect rx=".01"/></svg></div></div>' +
  '<form method="dialog" class="acts"><button class="btn" type="button" data-out></button><button class="btn" type="button" data-turn="-1">Previous</button><button class="btn" type="button" data-turn="1">Next</button><button class="btn">Close</button></form>';
document.body.append(viewer);
let current = null;
const series = () => $$('[data-photo]').filter(shown);
function show(link) {
  current = link;
  const image = $('img', viewer), rect = $('rect', viewer), box = link.dataset.box?.split(' ');
  image.src = link.dataset.photo;
  image.alt = link.dataset.caption || 'Whole photo';
  rect.toggleAttribute('hidden', !box);
  ['x', 'y', 'width', 'height'].forEach((name, i) => rect.setAttribute(name, box ? box[i] : 0));
  rect.style.display = box ? '' : 'none';
  mark();
  if (!viewer.open) { viewer.showModal(); $('[data-turn="1"]', viewer).focus(); }
}
const boxOf = link => $('input[type=checkbox]', link?.closest('.face, .alike > li') ?? document.createElement('i'));
function mark(toggle) { // the selection can be changed without leaving the photo
  const box = boxOf(current), button = $('[data-out]', viewer);
  if (box && toggle) box.click();
  button.hidden = !box;
  const words = box && { out: ['Take out', 'Put back'], keep: ['Keep', 'Sort out'] }[box.name] || ['Select', 'Unselect'];
  if (box) button.textContent = words[Number(box.checked)];
}
function turn(step) {
  const all = series(), next = all[(all.indexOf(current) + step + all.length) % all.length];
  if (next) show(next);
}
viewer.addEventListener('close', () => (boxOf(current) ?? current)?.focus());
viewer.addEventListener('click', event => {
  const step = event.target.dataset.turn;
  if (event.target.matches('[data-out]')) mark('toggle'); else if (step) turn(Number(step)); else if (event.target.matches('.photo')) viewer.close();
});
let from = null;
viewer.addEventListener('pointerdown', event => { from = event.clientX; });
viewer.addEventListener('pointerup', event => {
  const moved = event.clientX - (from ?? event.clientX); from = null;
  if (Math.abs(moved) > 60) turn(moved < 0 ? 1 : -1);
});
document.addEventListener('click', event => {
  const link = event.target.closest('[data-photo]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); show(link); }
});

// Preview beside the grid follows the focus and the pointer.
function preview(face) {
  const figure = $('[data-preview-frame]'), link = $('[data-preview]', face);
  if (!shown(figure) || !link) return;
  $('img', figure).src = link.dataset.preview;
  const size = link.dataset.size.split(' ');
  $('img', figure).width = size[0]; $('img', figure).height = size[1];
  const box = link.dataset.box.split(' ');
  ['x', 'y', 'width', 'height'].forEach((name, i) => $('rect', figure).setAttribute(name, box[i]));
  $('figcaption', figure).textContent = link.dataset.caption;
}
for (const type of ['focusin', 'pointerover']) document.addEventListener(type, event => {
  const face = event.target.closest?.('.face');
  if (face) preview(face);
});

// A key pressed twice sends its form once.
document.addEventListener('submit', event => {
  if (unsaved > 0) { event.preventDefault(); return waiting.push(event.submitter); }
  if (event.target.dataset.sent) event.preventDefault(); else event.target.dataset.sent = 'yes';
});
addEventListener('pageshow', () => $$('form[data-sent]').forEach(form => { delete form.dataset.sent; }));

// Counts on buttons.
function count(form) {
  const boxes = $$('.face input', form), on = boxes.filter(box => box.checked).length;
  for (const element of $$('[data-count]', form)) element.textContent = element.dataset.count.replace('{n}', boxes.length - on);
  for (const element of $$('[data-count-out]', form)) element.textContent = element.dataset.countOut.replace('{n}', on);
}
$$('form[data-grid]').forEach(form => { form.addEventListener('change', () => count(form)); form.addEventListener('reset', () => setTimeout(count, 0, form)); count(form); });

// A switch is saved at once; other changes are taken from the page that comes back.
let unsaved = 0, saved = Promise.resolve();
const waiting = []; // buttons pressed meanwhile
async function save(box) {
  const form = box.form, sent = new URLSearchParams({ photo: box.value, page: form.elements.page.value });
  sent.append(box.checked ? 'keep' : 'kept', box.value);
  try {
    const answer = await fetch(form.getAttribute('action'), { method: 'POST', body: sent });
    if (!answer.ok) throw answer.status;
    takeOver(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    $('[data-unsaved]').hidden = true;
  } catch {
    box.checked = !box.checked;
    $('[data-unsaved]').hidden = false;
  }
}
function takeOver(page) {
  for (const old of $$('[data-live]')) { const now = page.getElementById(old.id); if (now) old.replaceWith(document.adoptNode(now)); }
  // The reply to an earlier press must not undo a later one.
  if (unsaved < 2) for (const box of $$('form[data-choices] input[type=checkbox]')) box.checked = page.getElementById(box.id)?.checked ?? box.checked;
  if (viewer.open) mark();
}
document.addEventListener('change', event => {
  if (!event.target.closest('form[data-choices] .switch')) return;
  unsaved += 1;
  saved = saved.then(() => save(event.target)).finally(() => {
    unsaved -= 1;
    if (unsaved === 0) for (const button of waiting.splice(0)) $(`[name="${button?.name}"][value="${button?.value}"]`)?.click();
  });
});

// Arrow keys in a grid of faces, by position on the page; with Shift the selection follows.
function move(key, from, mark) {
  const here = from.getBoundingClientRect(), all = $$('.face input').filter(shown);
  const linear = { ArrowLeft: -1, ArrowRight: 1 }[key];
  let next = linear ? all[all.indexOf(from) + linear] : null;
  if (!linear) {
    const down = key === 'ArrowDown' ? 1 : -1;
    next = all.map(box => ({ box, at: box.getBoundingClientRect() })).filter(({ at }) => (at.top - here.top) * down > 8)
      .sort((a, b) => (a.at.top - b.at.top) * down || Math.abs(a.at.left - here.left) - Math.abs(b.at.left - here.left))[0]?.box;
  }
  if (!next) return;
  if (mark && next.checked !== from.checked) next.click();
  next.focus();
  next.closest('.face').scrollIntoView({ block: 'nearest' });
}

// Keys. A letter acts only outside fields; data-key names it on the page, so hint and key always agree.
document.addEventListener('keydown', event => {
  const at = document.activeElement;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (viewer.open) {
    const act = { ArrowRight: () => turn(1), ArrowLeft: () => turn(-1), p: () => viewer.close(), x: () => mark('toggle') }[event.key];
    if (act) { event.preventDefault(); act(); }
    return;
  }
  if (typing(at)) {
    if (event.key === 'Escape') { at.blur(); $$('.face input').find(shown)?.focus(); }
    return;
  }
  // Enter on a switch would press the first button of its form.
  if (event.key === 'Enter' && at?.closest?.('.switch')) return event.preventDefault();
  const face = at?.closest?.('.face');
  if (event.key.startsWith('Arrow') && face) { event.preventDefault(); return move(event.key, $('input', face), event.shiftKey); }
  const key = event.key.toLowerCase();
  if (key === 'p' && face) { event.preventDefault(); return $('[data-photo]', face)?.click(); }
  const answer = face && { y: $('[name=is]', face), x: $('[name=not]', face) }[key];
  if (answer) { event.preventDefault(); return answer.click(); }
  if (key === '?') return $$('.keys').find(shown)?.scrollIntoView({ block: 'center' });
  const field = $$('input[data-first]').find(shown);
  if (key === 'n' && field) { event.preventDefault(); return field.focus(); }
  const target = $$('[data-key]').find(element => element.dataset.key === key && shown(element));
  if (target) { event.preventDefault(); target.click(); }
});
// The name field gets the focus at once, except where that would raise an on-screen keyboard.
if (!raisesKeyboard()) $$('input[data-first]').find(shown)?.focus();

// Draw a face: press, drag, release. Without script a press sends the middle of the face.
$$('form[data-draw]').forEach(form => {
  const picture = $('[type=image]', form), frame = $('.frame', form);
  let start = null;
  const place = event => { const r = frame.getBoundingClientRect(), f = v => Math.min(1, Math.max(0, v)); return [f((event.clientX - r.left) / r.width), f((event.clientY - r.top) / r.height)]; };
  const draw = (a, b) => {
    const box = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])].map(v => v.toFixed(4));
    const rect = $('rect.new', form) ?? frame.querySelector('svg').appendChild(document.createElementNS(svgNS, 'rect'));
    rect.setAttribute('class', 'new');
    ['x', 'y', 'width', 'height'].forEach((name, i) => rect.setAttribute(name, box[i]));
    form.elements.box.value = box.join(' ');
  };
  const drawn = () => form.elements.box.value.split(' ').length === 4;
  const now = () => { if (!drawn()) centre([.5, .5]); return form.elements.box.value.split(' ').map(Number); };
  const set = (x, y, w, h) => draw([x, y], [x + w, y + h]);
  const centre = ([x, y]) => { const w = Number(form.elements.size.value), h = w * frame.clientWidth / frame.clientHeight; set(x - w / 2, y - h / 2, w, h); };
  picture.addEventListener('click', event => event.preventDefault());
  picture.addEventListener('dragstart', event => event.preventDefault());
  frame.addEventListener('pointerdown', event => { start = place(event); frame.setPointerCapture(event.pointerId); });
  frame.addEventListener('pointermove', event => { if (start) draw(start, place(event)); });
  frame.addEventListener('pointerup', event => {
    const end = place(event);
    if (start && Math.abs(end[0] - start[0]) < .01) centre(start);
    start = null;
    if (!form.elements.name.value && !raisesKeyboard()) form.elements.name.focus();
  });
  form.elements.size.addEventListener('change', () => { if (!drawn()) return; const [x, y, w, h] = now(); centre([x + w / 2, y + h / 2]); });
  picture.addEventListener('keydown', event => {
    const [x, y, w, h] = now(), step = .01;
    const act = { ArrowLeft: [x - step, y, w, h], ArrowRight: [x + step, y, w, h], ArrowUp: [x, y - step, w, h], ArrowDown: [x, y + step, w, h],
      '+': [x - w * .05, y - h * .05, w * 1.1, h * 1.1], '-': [x + w * .05, y + h * .05, w * .9, h * .9] }[event.key];
    if (act) { event.preventDefault(); event.stopPropagation(); set(...act); }
  });
});

// Files that are dropped or chosen are sent one after the other to the page that takes them.
const taker = $('a[data-drop]');
if (taker) {
  const limit = Number(taker.dataset.drop), waitingFiles = [], refused = [], notice = document.createElement('div');
  notice.className = 'notice'; notice.setAttribute('role', 'status');
  let sent = 0, sending = false;
  const say = text => { notice.textContent = text; if (!notice.isConnected) $('main').prepend(notice); };
  const send = async file => {
    if (file.size > limit) return `${file.name} is too large: more than ${Math.floor(limit / 1e6)} MB.`;
    try {
      const answer = await fetch(`${taker.getAttribute('href')}?name=${encodeURIComponent(file.name)}`, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file });
      if (answer.ok) return null;
      return `${file.name}: ${$('.lead', new DOMParser().parseFromString(await answer.text(), 'text/html'))?.textContent ?? 'it was not taken.'}`;
    } catch { return `${file.name} could not be sent: is it a folder, or has the program ended?`; }
  };
  const take = async files => {
    waitingFiles.push(...files);
    if (sending || !waitingFiles.length) return;
    sending = true;
    while (waitingFiles.length) {
      say(`Judging ${sent + 1} of ${sent + waitingFiles.length} …`);
      const reason = await send(waitingFiles.shift());
      if (reason) refused.push(reason);
      sent += 1;
    }
    if (!refused.length) return location.assign(taker.href);
    sending = false;
    notice.className = 'notice bad'; say(refused.join(' '));
    notice.append(Object.assign(document.createElement('a'), { className: 'btn', href: taker.href, textContent: 'Show the others' }));
  };
  const carries = event => event.dataTransfer?.types.includes('Files');
  addEventListener('dragover', event => { if (carries(event)) { event.preventDefault(); document.body.classList.add('dropping'); } });
  for (const type of ['dragleave', 'drop']) addEventListener(type, event => { if (type === 'drop' || !event.relatedTarget) document.body.classList.remove('dropping'); });
  addEventListener('drop', event => { if (carries(event)) { event.preventDefault(); take([...event.dataTransfer.files]); } });
  $('[data-files]')?.addEventListener('change', event => { take([...event.target.files]); event.target.value = ''; });
}

// A long run: only the numbers change; the page is loaded again when it has ended.
const watched = document.body.dataset.watch;
// A page that is being left is not reloaded: that would replace the page the user goes to. A download leaves no page, so this holds only for a while.
let left = -Infinity;
addEventListener('beforeunload', () => { left = performance.now(); });
addEventListener('pageshow', () => { left = -Infinity; });
async function look() {
  let news;
  try { news = await (await fetch('/progress', { cache: 'no-store' })).json(); } catch { return setTimeout(look, 3000); }
  if (news.state !== watched) {
    if (performance.now() - left < 30_000) return setTimeout(look, 3000);
    // Do not reload while the user is typing.
    if ($$('input[type=text]').every(field => field.value === field.defaultValue) && !viewer.open) location.replace(location.pathname + location.hash);
    return;
  }
  const words = $('[data-sentence]'), bar = $('[data-progress]');
  if (words) words.textContent = news.sentence;
  if (bar && news.total > 0) { bar.max = news.total; bar.value = news.done; }
  setTimeout(look, 700);
}
if (watched) setTimeout(look, 700);
