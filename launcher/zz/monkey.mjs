import { chromium } from 'playwright-core';
let seed = Number(process.argv[2] ?? 1); const rnd = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; };
const pick = (a) => a[Math.floor(rnd() * a.length)];
const end = Date.now() + Number(process.argv[3] ?? 60) * 1000; const width = Number(process.argv[4] ?? 1440);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox'] });
const ctx = await browser.newContext({ viewport: { width, height: 900 }, acceptDownloads: true });
let page = await ctx.newPage(); const trail = []; const found = new Map();
const note = (k) => { if (!found.has(k)) { found.set(k, trail.slice(-8)); console.log('FOUND', k.slice(0, 600), '\n   after', trail.slice(-8).join(' > ')); } };
const watch = (p) => { p.on('pageerror', (e) => note('pageerror ' + e.stack)); p.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') note('console ' + m.type() + ' ' + m.text()); }); p.on('dialog', (d) => d.accept().catch(() => {})); };
watch(page); ctx.on('page', (p) => { if (p !== page) setTimeout(() => p.close().catch(() => {}), 300); });
const starts = ['/jobs', '/workflows', '/workers', '/schedules', '/statistics', '/settings/tokens', '/settings/webhooks', '/settings', '/jobs?status=FAILED', '/workflows/simulated-pipeline', '/workflows/data-pipeline/edit', '/subjects', '/jobs/new'];
const ids = JSON.stringify(await (await fetch('http://127.0.0.1:4200/api/v1/jobs?first=20')).json()).match(/[0-9a-f]{8}-[0-9a-f-]{27}/g);
for (const id of ids.slice(0, 6)) starts.push('/jobs/' + id);
let n = 0;
while (Date.now() < end) {
  try {
    if (n % 25 === 0) { const s = pick(starts); trail.push('GOTO ' + s); await page.goto('http://127.0.0.1:4200' + s); await page.waitForTimeout(400); }
    n++;
    const r = rnd();
    if (r < 0.62) {
      const all = await page.$$('button:visible, a:visible, [role=menuitem]:visible, [role=tab]:visible, [role=option]:visible, [role=row]:visible, input[type=checkbox]:visible, [role=separator]:visible, [role=switch]:visible, summary:visible, .react-flow__node:visible');
      if (all.length) { const el = pick(all); const label = await el.evaluate((e) => (e.getAttribute('aria-label') || e.textContent || e.tagName).trim().slice(0, 40)); if (/github|External/.test(label)) continue; trail.push('click ' + label); await el.click({ timeout: 800, button: rnd() < 0.05 ? 'right' : 'left', modifiers: rnd() < 0.08 ? ['Shift'] : [], clickCount: rnd() < 0.05 ? 2 : 1 }).catch(() => {}); }
    } else if (r < 0.8) {
      const all = await page.$$('input:visible:not([type=checkbox]):not([type=radio]), textarea:visible, [contenteditable=true]:visible');
      if (all.length) { const el = pick(all); const t = pick(['a', 'simulated', '"', '${{ input.x }}', '1', '-5', '2026-01-01', '[', 'https://example.com/', 'x'.repeat(300), '{"a":1}', ' ', '💥', '* * * * *', '1h', 'zzz']); trail.push('type ' + t.slice(0, 15)); await el.click({ timeout: 600 }).catch(() => {}); await page.keyboard.type(t).catch(() => {}); if (rnd() < 0.4) await page.keyboard.press('Enter'); }
    } else if (r < 0.95) { const k = pick(['Escape', 'Tab', 'Enter', 'ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowLeft', 'j', 'k', '?', '/', 'g', 'c', 'Control+k', 'Space', 'Home', 'End', 'PageDown', 'x', 'Delete', 'Backspace', 'Shift+Tab', 'f', 'r', 'e', 'w', 'n', 'p', 't', 'Control+z', 'Control+f']); trail.push('key ' + k); await page.keyboard.press(k); }
    else if (r < 0.98) { trail.push('back'); await page.goBack({ timeout: 1500 }).catch(() => {}); }
    else { trail.push('drag'); await page.mouse.move(rnd() * width, rnd() * 900); await page.mouse.down(); await page.mouse.move(rnd() * width, rnd() * 900, { steps: 4 }); await page.mouse.up(); }
    await page.waitForTimeout(40);
    if (!page.url().startsWith('http://127.0.0.1:4200')) { await page.goto('http://127.0.0.1:4200/jobs'); }
    const t = await page.evaluate(() => ({ text: document.body.innerText.slice(0, 20000), wide: document.documentElement.scrollWidth - document.documentElement.clientWidth, empty: document.getElementById('app')?.childElementCount === 0 }));
    const m = /(Something went wrong|Unexpected error|undefined|\[object Object\]|NaN|Invalid Date|This page has crashed|could not be shown)/i.exec(t.text); if (m && !/undefined|NaN/.test(trail.slice(-3).join())) note('TEXT ' + m[0] + ' @' + page.url().replace(/[0-9a-f-]{36}/, 'ID').split('?')[0] + ' ' + t.text.slice(Math.max(0, m.index - 60), m.index + 60).replaceAll('\n', ' '));
    if (t.wide > 1) note('WIDE ' + page.url().replace(/[0-9a-f-]{36}/, 'ID').split('?')[0] + ' ' + t.wide);
    if (t.empty) note('EMPTY ' + page.url());
  } catch (e) { if (/closed|crashed/i.test(String(e))) { note('BROWSER ' + String(e).slice(0, 200)); page = await ctx.newPage(); watch(page); n = 0; } }
}
console.log('steps', n, 'found', found.size); await browser.close();
