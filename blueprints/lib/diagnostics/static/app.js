import { longRequest, probes, readReport } from './probes.js';

const $ = (id) => document.getElementById(id);
const marks = { good: '✓', bad: '✗', note: '–', running: '…' };
const words = { good: 'passed', bad: 'failed', note: 'note', running: 'running' };

/** Text goes in as text: names of instances and error messages are never read as HTML. */
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function show(row, { state, reason }) {
  row.className = state;
  const [mark, , cell] = row.children;
  mark.textContent = marks[state];
  mark.setAttribute('aria-label', words[state]);
  cell.textContent = reason;
}

function addRow(list, name, result = { state: 'running', reason: '' }) {
  const row = element('li');
  const mark = element('span', 'mark');
  mark.setAttribute('role', 'img');
  row.append(mark, element('span', 'name', name), element('span', 'reason'));
  show(row, result);
  list.append(row);
  return row;
}

function showReport(report) {
  $('instance').textContent = report.instance;
  $('system').textContent = report.system;
  document.title = `${report.instance} – Diagnostics`;
  $('inside').replaceChildren();
  for (const check of report.checks) addRow($('inside'), check.name, check);
  $('variables').replaceChildren(
    ...report.variables.map(({ name, value, state, text }) => {
      const row = element('tr', state);
      const head = element('th', '', name);
      head.scope = 'row';
      row.append(element('td', 'mark', marks[state]), head);
      row.append(element('td', 'value', value ?? 'not set'), element('td', 'quiet', text));
      return row;
    }),
  );
  $('others').textContent = report.others.length ? `Also set: ${report.others.join(', ')}` : '';
}

function verdict() {
  const failed = document.querySelectorAll('.rows .bad, #variables .bad').length;
  $('verdict').className = `verdict ${failed ? 'bad' : 'good'}`;
  $('verdict').textContent = failed ? `${failed} failed` : 'all good';
}

async function run() {
  $('again').disabled = true;
  $('verdict').className = 'verdict running';
  $('verdict').textContent = 'checking…';
  $('through').replaceChildren();
  try {
    const report = await readReport();
    showReport(report);
    const rows = probes.map(([name]) => addRow($('through'), name));
    // One after the other: they measure, and must not disturb each other.
    for (const [index, [, probe]] of probes.entries()) {
      const result = await probe(report).then(
        (reason) => ({ state: 'good', reason }),
        (error) => ({ state: 'bad', reason: error.message }),
      );
      show(rows[index], result);
    }
  } catch (error) {
    addRow($('through'), 'The app', { state: 'bad', reason: error.message });
  }
  verdict();
  $('again').disabled = false;
}

$('again').addEventListener('click', run);
$('long').addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = event.target.querySelector('button');
  const output = $('long-result');
  button.disabled = true;
  output.textContent = 'waiting…';
  await longRequest(Number(event.target.elements.seconds.value), (at) => {
    output.textContent = `${at.toFixed(0)} s…`;
  }).then(
    (sentence) => (output.textContent = `✓ ${sentence}`),
    (error) => (output.textContent = `✗ ${error.message}`),
  );
  button.disabled = false;
});

await run();
