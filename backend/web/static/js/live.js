// One socket per page, from the server to the browser. Each event becomes a DOM event "live:<type>"; "live:ask" tells
// whatever shows something that may be old to fetch it: when the socket is ready, and slowly behind it, since an event
// may be lost. After two failures the page asks often instead.
const SILENCE = 60_000, SLOW = 60_000, OFTEN = 20_000, LONGEST_WAIT = 30_000;
const SIGNED_OUT = 4401, TOO_MANY = 4429;
const person = document.querySelector('meta[name="person"]')?.content;
let socket, failures = 0, silence, asking, again, isFirst = true, isLeaving = false;

// Signing out closes the socket before the next page is there: a reload would win over the quick exit.
document.addEventListener("submit", (event) => { isLeaving ||= !event.defaultPrevented; });

const say = (type, detail) => document.dispatchEvent(new CustomEvent(`live:${type}`, { detail }));

function askEvery(pause) {
  clearInterval(asking);
  asking = setInterval(() => document.visibilityState === "visible" && say("ask"), pause);
}

function hear({ data }) {
  clearTimeout(silence);
  silence = setTimeout(() => socket.close(), SILENCE);
  const event = JSON.parse(data);
  if (event.type !== "ready") return say(event.type, event);
  failures = 0;
  askEvery(SLOW);
  say("ask", { isFirst });
  isFirst = false;
}

function lost({ code }) {
  clearTimeout(silence);
  if (code === SIGNED_OUT) return isLeaving || location.reload();
  failures += 1;
  if (failures === 2) askEvery(OFTEN);
  if (code === TOO_MANY) return askEvery(OFTEN);
  again = setTimeout(connect, Math.min(LONGEST_WAIT, 1000 * 2 ** failures) * (0.5 + Math.random() / 2));
}

function connect() {
  clearTimeout(again);
  socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/live/`);
  socket.addEventListener("message", hear);
  socket.addEventListener("close", lost);
}

function comeBack() {
  say("ask");
  if (socket.readyState === WebSocket.CLOSED) connect();
}

// The numbers in the navigation, each beside the address it belongs to.
let counting;
function count() {
  clearTimeout(counting);
  counting = setTimeout(async () => {
    const answer = await fetch("/notices/counts/", { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    for (const [address, number] of Object.entries(await answer.json())) {
      for (const place of document.querySelectorAll(`[data-count="${address}"]`)) {
        place.textContent = number;
        place.hidden = !number;
      }
    }
  }, 400);
}

// Unsent messages stay on this device until the person signs out here, or somebody else signs in.
function forget(isForgotten) {
  for (const key of Object.keys(localStorage)) if (key.startsWith("outbox:") && isForgotten(key)) localStorage.removeItem(key);
}

forget((key) => !key.startsWith(`outbox:${person}:`));
document.addEventListener("submit", ({ target }) => target.matches("[data-leaves]") && forget(() => true));
for (const type of ["message", "notice", "read"]) document.addEventListener(`live:${type}`, count);
document.addEventListener("live:ask", ({ detail }) => detail?.isFirst || count());
addEventListener("online", comeBack);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && comeBack());
connect();
