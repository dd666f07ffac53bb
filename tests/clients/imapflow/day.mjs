// A day of a mail program with ImapFlow. Each step is told on a line; where another session must act
// first, the line ends in "?" and the program waits for a line.
import { ImapFlow } from 'imapflow';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [port, user, pass, certificate] = process.argv.slice(2);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const client = new ImapFlow({
  host: 'localhost', port: Number(port), secure: true, auth: { user, pass, loginMethod: 'AUTH=PLAIN' },
  tls: { ca: readFileSync(certificate) }, logger: false, qresync: true,
});

function must(condition, what) {
  if (!condition)
    throw new Error(what);
}

async function ask(what) {
  console.log(what + '?');
  await answers.next();
}

async function subjects(range = '1:*') {
  const found = [];
  for await (const mail of client.fetch(range, { uid: true, envelope: true, flags: true }))
    found.push(mail.envelope.subject);
  return found;
}

async function read() {
  must((await subjects()).join() === 'One,Two,Three,Four', 'the four mails');
  const mail = await client.fetchOne('1', { source: true, bodyStructure: true, internalDate: true });
  must(mail.source.toString().includes('Good morning'), 'the text');
  const { content } = await client.download('2', '1');
  let text = '';
  for await (const piece of content)
    text += piece;
  must(text.includes('Good morning'), 'the text in pieces');
  must((await client.search({ subject: 'Three' })).join() === '3', 'found by subject');
}

async function change() {
  must(await client.messageFlagsAdd('1', ['\\Seen', '$Forwarded']), 'flags');
  must((await client.mailboxCreate('Projects/2026')).created, 'a folder');
  const moved = await client.messageMove('2', 'Projects/2026');
  must(moved.uidMap.get(2) === 1, 'COPYUID');
  must(await client.messageDelete('2'), 'deleted');
  must((await subjects()).join() === 'One,Four', 'two are left');
}

async function wait_for_news() {
  const news = new Promise(done => client.once('exists', done));
  const idle = client.idle();
  await ask('idle');
  const { count } = await news;
  must(count === 3, 'EXISTS in IDLE');
  must((await subjects('3')).join() === 'News', 'the new mail');
  await idle;
}

await client.connect();
must((await client.list()).some(folder => folder.specialUse === '\\Sent'), 'a folder for sent mail');
const lock = await client.getMailboxLock('INBOX');
try {
  await read();
  await change();
  await wait_for_news();
} finally {
  lock.release();
}
const kept = await client.append('Sent', 'Subject: Kept\r\n\r\nA copy\r\n', ['\\Seen']);
must(kept.uid === 1, 'APPENDUID');
const status = await client.status('Sent', { messages: true, uidNext: true, highestModseq: true });
must(status.messages === 1 && status.uidNext === 2, 'STATUS');
must(await client.getQuota('INBOX') !== false, 'the quota');
await client.logout();
console.log('done');
