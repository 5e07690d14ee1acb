// Keeps a board true while it is open. One stream per board serves all tabs of a browser: it allows six connections per origin on HTTP/1.1,
// and the seventh tab would hang. The stream carries whole fragments with a version; a version never goes back, so a lost or doubled
// event does no harm. Where streams fail, the same fragment is polled.
//
//   <div data-live="/live?ticket=…" data-live-target="#board-rows" data-live-poll="/boards/revenue/rows?seen=">
//
// Server: events "fragment" (id: version, data: {"version": n, "html": "<tbody …>"}) and "ping" at least every 10 s.
// Comments do not reach scripts, so the sign of life has to be an event.
(() => {
  const PAUSED_MS = 30000, POLL_MS = 5000, RETRY_MS = 30000, SUMMARY_MS = 10000, PANEL_MS = 2000, FAILURES = 3;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const me = () => document.body.dataset.me;

  // 1. What is seen: own row, opened panels, slides.

  function markOwn(root) {
    if (!me()) return;
    for (const row of root.querySelectorAll("[data-entrant]")) {
      const mine = row.dataset.entrant === me();
      row.classList.toggle("is-you", mine);
      for (const tag of row.querySelectorAll("[data-you-tag]")) tag.hidden = !mine;
    }
    for (const panel of root.querySelectorAll("[data-panel-of]")) panel.classList.toggle("is-you", panel.dataset.panelOf === me());
  }

  // Opened panels are no part of the server's fragment. A copy of each is put into the new one, so that the morph finds it in its place and
  // keeps the node, with its focus and its scroll.
  function keepPanels(target, fresh) {
    for (const panel of target.querySelectorAll("[data-panel-of]")) {
      const row = fresh.querySelector(`[data-entrant="${CSS.escape(panel.dataset.panelOf)}"]`);
      if (!row) continue;
      row.after(panel.cloneNode(true));
      row.querySelector("[data-why]")?.setAttribute("aria-expanded", "true");
    }
  }

  function refreshPanels(target) {
    for (const panel of target.querySelectorAll("[data-panel-of]")) {
      if (Date.now() - (panel.refreshedAt || 0) < PANEL_MS) continue;
      panel.refreshedAt = Date.now();
      htmx.trigger(panel, "refresh");
    }
  }

  const rowsOf = (target) => new Map([...target.querySelectorAll("[data-flip-id]")].map((row) => [row.dataset.flipId, row]));
  const stateOf = (rows) => new Map([...rows].map(([id, row]) => [id, { top: row.getBoundingClientRect().top, score: row.dataset.score, place: row.dataset.place }]));

  function mark(element, name, ms) {
    element.classList.remove(name);
    void element.offsetWidth;                          // starts the animation anew when the class is still there
    element.classList.add(name);
    setTimeout(() => element.classList.remove(name), ms);
  }

  function animate(before, target) {
    for (const [id, row] of rowsOf(target)) {
      const old = before.get(id);
      if (!old) continue;
      const scored = old.score !== row.dataset.score;
      if (calm.matches) { if (scored) mark(row, "is-changed", 2000); continue; }
      const distance = old.top - row.getBoundingClientRect().top;
      if (Math.abs(distance) > 1)
        row.animate([{ transform: `translateY(${distance}px)` }, { transform: "none" }], { duration: 420, easing: "cubic-bezier(.2,.8,.2,1)" });
      if (scored) {
        setTimeout(() => mark(row, "is-changed", 900), Math.abs(distance) > 1 ? 420 : 0);
        for (const figure of row.querySelectorAll("[data-roll]"))
          figure.animate([{ transform: "translateY(45%)", opacity: 0 }, { transform: "none", opacity: 1 }], { duration: 300, easing: "ease-out" });
      }
      if (old.place !== row.dataset.place && row.dataset.entrant === me()) row.querySelectorAll(".plate").forEach((plate) => mark(plate, "is-moved", 420));
    }
  }

  let summaryAt = 0, summaryTimer;
  function announce(text) {
    if (!text) return;
    clearTimeout(summaryTimer);
    summaryTimer = setTimeout(() => {
      summaryAt = Date.now();
      document.getElementById("announcer").textContent = text;
    }, Math.max(0, summaryAt + SUMMARY_MS - Date.now()));
  }

  // 2. One live part of a page.

  class Live {
    constructor(element) {
      this.element = element;
      this.url = element.dataset.live;
      this.poll = element.dataset.livePoll;
      this.failures = 0;
      this.contactAt = Date.now();
      this.state = "live";
      this.leading = false;
      // Without the ticket, which differs per page, but with the person: a tab of somebody signed in before must not feed this one.
      this.key = `live:${me() || ""}:${this.poll || new URL(this.url, location.href).pathname}`;
      markOwn(document);
      this.clock = setInterval(() => this.showState(), 1000);
      document.addEventListener("visibilitychange", () => this.visibility());
      this.shared = Boolean(navigator.locks && window.BroadcastChannel && window.isSecureContext);
      if (this.shared) this.share(); else this.lead();
    }

    get target() { return document.querySelector(this.element.dataset.liveTarget); }
    get version() { return Number(this.target?.dataset.version || 0); }

    share() {
      this.channel = new BroadcastChannel(this.key);
      this.channel.onmessage = ({ data }) => {
        if (data.hello) { if (this.leading && this.last) this.channel.postMessage({ fragment: this.last }); return; }
        this.contact(data.state);
        if (data.fragment) this.show(data.fragment);
      };
      this.channel.postMessage({ hello: true });
      navigator.locks.request(this.key, () => new Promise((release) => { this.release = release; this.lead(); }));
    }

    lead() { this.leading = true; this.open(); }
    tell(message) { this.channel?.postMessage({ state: this.state, ...message }); }

    open() {
      clearTimeout(this.retry);
      if (this.ended) return;
      if (!this.url || !window.EventSource) { this.startPolling(); return; }
      this.source?.close();
      const source = this.source = new EventSource(this.url);
      source.onopen = () => this.heard();
      source.addEventListener("ping", () => this.heard());
      source.addEventListener("fragment", (event) => { this.heard(); this.deliver(JSON.parse(event.data)); });
      source.onerror = () => {
        this.failures += 1;
        this.setState("reconnecting");
        this.tell({});
        if (this.failures >= FAILURES || source.readyState === EventSource.CLOSED) {
          // The browser's own retries are given up for slower ones of ours, and polling bridges the time.
          source.close();
          this.startPolling();
          clearTimeout(this.retry);
          this.retry = setTimeout(() => this.open(), RETRY_MS);
        }
      };
    }

    heard() { this.failures = 0; this.stopPolling(); this.contact("live"); this.tell({}); }

    startPolling() {
      if (this.polling || !this.poll) return;
      this.polling = setInterval(() => this.ask(), POLL_MS);
      this.ask();
    }
    stopPolling() { clearInterval(this.polling); this.polling = null; }

    async ask() {
      if (document.hidden && !this.shared) return;
      try {
        const answer = await fetch(this.poll + this.version, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
        if (answer.headers.has("HX-Redirect")) { location.assign(answer.headers.get("HX-Redirect")); return; }
        if (!answer.ok) return;
        this.url = answer.headers.get("Live-Url") || this.url;      // a fresh ticket, when the old one has run out
        this.contact("live");
        this.tell({});
        if (answer.status === 200) this.deliver({ html: await answer.text() });
      } catch { /* no network: the chip tells it after 30 s */ }
    }

    deliver(fragment) {
      this.last = fragment;
      this.tell({ fragment });
      this.show(fragment);
    }

    show({ html }) {
      const target = this.target;
      const holder = document.createElement("template");
      holder.innerHTML = html;
      const fresh = holder.content.firstElementChild;
      if (!target || !fresh || Number(fresh.dataset.version) <= this.version) return;
      keepPanels(target, holder.content);
      markOwn(holder.content);
      const before = stateOf(rowsOf(target));
      Idiomorph.morph(target, fresh, { morphStyle: "outerHTML" });
      const now = this.target;
      htmx.process(now);
      animate(before, now);
      refreshPanels(now);
      announce(now.dataset.summary);
      document.body.dispatchEvent(new CustomEvent("live:updated", { detail: { target: now.id, version: this.version } }));
      if (now.hasAttribute("data-ended")) this.end();
    }

    end() {
      this.ended = true;
      this.stopPolling();
      clearTimeout(this.retry);
      clearInterval(this.clock);
      this.source?.close();
      this.setState("off");
    }

    // Without a shared stream a hidden tab gives its connection back.
    visibility() {
      if (this.shared || this.ended) { this.showState(); return; }
      if (document.hidden) { this.source?.close(); this.stopPolling(); } else { this.failures = 0; this.open(); }
    }

    contact(state) {
      if (state === "live") this.contactAt = Date.now();
      if (state) this.setState(state);
    }
    setState(state) { this.state = state; this.showState(); }

    showState() {
      const silent = Date.now() - this.contactAt;
      const state = this.state === "off" ? "off" : silent > PAUSED_MS ? "paused" : this.state;
      const at = new Date(this.contactAt).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: document.body.dataset.zone });
      const word = { live: "Live", reconnecting: "Reconnecting", paused: "Paused", off: "Ended" }[state];
      for (const chip of document.querySelectorAll("[data-live-chip]")) {
        const age = chip.dataset.liveClock ? at : `updated ${Math.round(silent / 1000)} s ago`;
        chip.dataset.state = state;
        chip.querySelector("[data-live-word]").textContent = word;
        chip.querySelector("[data-live-age]").textContent = { live: age, reconnecting: "", paused: `last ${at}`, off: "" }[state];
      }
    }
  }

  // 3. The button that opens a panel closes it too.

  document.addEventListener("htmx:beforeRequest", (event) => {
    const entrant = event.detail.elt.dataset?.why;
    if (!entrant) return;
    const panel = document.querySelector(`[data-panel-of="${CSS.escape(entrant)}"]`);
    if (!panel) return;
    event.preventDefault();
    panel.remove();
    event.detail.elt.setAttribute("aria-expanded", "false");
  });
  document.addEventListener("htmx:load", (event) => {
    const panel = event.detail.elt.closest?.("[data-panel-of]");
    if (!panel) return;
    markOwn(panel.parentElement);
    document.querySelector(`[data-why="${CSS.escape(panel.dataset.panelOf)}"]`)?.setAttribute("aria-expanded", "true");
  });

  document.addEventListener("DOMContentLoaded", () => {
    markOwn(document);
    for (const element of document.querySelectorAll("[data-live]")) new Live(element);
  });
})();
