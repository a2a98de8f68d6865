// What a page has to say once it is there, such as what the last decision did: read aloud, since a live region
// that comes filled is not. The words stand on the page as well.
const live = document.getElementById("live");
const said = document.querySelector("[data-say]");

if (live && said) setTimeout(() => { live.textContent = said.textContent.trim(); }, 300);
