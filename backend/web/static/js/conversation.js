// A conversation that keeps up, and sends over a bad line. What is unsent waits on this device, by person and
// conversation, and goes out exactly once: the server knows each message by the number this page gave it.
const thread = document.querySelector("[data-conversation]");
const form = document.querySelector("[data-composer]");
const problem = document.querySelector("[data-problem]");
const { conversation, messages, read } = thread.dataset;
const content = (name) => document.querySelector(`meta[name="${name}"]`).content;
const key = `outbox:${content("person")}:${conversation}`;
let last = Number(thread.dataset.last), marked = 0, isSending = false;

const unsent = () => JSON.parse(localStorage.getItem(key) ?? "[]");
const keep = (items) => (items.length ? localStorage.setItem(key, JSON.stringify(items)) : localStorage.removeItem(key));
const drop = (id) => keep(unsent().filter((item) => item.client_id !== id));
const waiting = (id) => thread.querySelector(`[data-waiting="${id}"]`);

function ask(url, fields, headers) {
  const body = fields && new URLSearchParams(fields);
  const all = { "X-Requested-With": "fetch", "X-CSRFToken": content("csrf-token"), ...headers };
  return fetch(url, { method: body ? "POST" : "GET", body, headers: all, redirect: "error" });
}

const isAtEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 160;
const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight });

function show(html) {
  const arrived = document.createElement("template");
  const follow = isAtEnd();
  arrived.innerHTML = html;
  for (const bubble of [...arrived.content.querySelectorAll("[data-seq]")]) {
    const { seq, client } = bubble.dataset;
    if (client) { waiting(client)?.remove(); drop(client); }
    if (Number(seq) > last) { last = Number(seq); continue; }
    if (bubble.previousElementSibling?.matches(".thread-day")) bubble.previousElementSibling.remove();
    bubble.remove();
  }
  thread.insertBefore(arrived.content, thread.querySelector("[data-waiting]"));
  if (follow) toEnd();
  markRead();
}

async function catchUp() {
  for (let before = -1; before !== last; ) {
    before = last;
    const answer = await ask(`${messages}?after=${last}`, null, { "If-None-Match": `"${last}-${last}"` });
    if (answer.ok) show(await answer.text());
  }
}

// A message that follows the last one is shown; before a gap, what is missing is fetched first.
const receive = (seq, html) => (seq <= last + 1 ? show(html) : catchUp().catch(() => {}));

async function markRead() {
  if (document.visibilityState !== "visible" || last <= marked) return;
  marked = last;
  await ask(read, { up_to: last }).catch(() => { marked = 0; });
}

function draw({ client_id, body }) {
  if (waiting(client_id)) return;
  const bubble = document.getElementById("waiting").content.cloneNode(true).firstElementChild;
  bubble.dataset.waiting = client_id;
  bubble.querySelector(".bubble-text").textContent = body;
  thread.append(bubble);
}

async function send({ client_id, body }) {
  const answer = await ask(messages, { client_id, body });
  const text = await answer.text();
  if (answer.ok) {
    drop(client_id);
    return receive(Number(text.match(/data-seq="(\d+)"/)[1]), text);
  }
  // Only a sentence is a refusal; anything else is the line, and is tried again.
  if (!answer.headers.get("Content-Type")?.startsWith("text/plain")) throw new Error(answer.status);
  drop(client_id);
  waiting(client_id)?.remove();
  problem.textContent = text;
  form.body.value ||= body;
}

async function flush() {
  if (isSending) return;
  isSending = true;
  try { for (let item; (item = unsent()[0]); ) await send(item); } catch { /* stays, with its clock */ }
  isSending = false;
}

form?.addEventListener("submit", (event) => {
  if (!crypto.randomUUID) return;
  event.preventDefault();
  const item = { client_id: crypto.randomUUID(), body: form.body.value };
  if (!item.body.trim()) return;
  keep([...unsent(), item]);
  form.body.value = problem.textContent = "";
  draw(item);
  toEnd();
  flush();
});
form?.body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
  event.preventDefault();
  form.requestSubmit();
});
document.addEventListener("live:message", ({ detail }) => detail.conversation === conversation && receive(detail.seq, detail.html));
document.addEventListener("live:ask", () => { catchUp().catch(() => {}); flush(); });
document.addEventListener("visibilitychange", markRead);

unsent().forEach(draw);
toEnd();
markRead();
flush();
