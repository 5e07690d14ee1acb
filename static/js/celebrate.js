// A short celebration of what is new: a line or a panel, confetti, and a sound where the board asks for one. Still and silent where less
// motion is wished for, and left out where nobody looks.
window.celebrate = (() => {
  const SHOWN_MS = { line: 6000, panel: 11000 }, CONFETTI_MS = 2200, PIECES = 140, WAITING = 3;
  const COLOURS = ["#C9FF3B", "#E3B53A", "#3468F0", "#E4572B", "#8A52D6", "#F2F6F3"];
  const waiting = [];
  let showing = false;

  function celebrate(cheers) {
    if (!cheers.length || document.hidden || window.isQuiet?.()) return;
    waiting.push(...cheers.map((cheer) => ({ parts: [...cheer.children].map((part) => part.textContent), how: cheer.dataset.how })));
    waiting.splice(0, waiting.length - WAITING);
    if (!showing) next();
  }

  function next() {
    const cheer = waiting.shift();
    showing = Boolean(cheer);
    if (!cheer) return;
    const blank = document.getElementById("celebration-blank"), place = document.getElementById("celebrations");
    const shown = blank ? panel(blank, cheer.parts) : line(cheer.parts);
    place?.replaceChildren(shown);
    if (!Board.isCalm()) {
      confetti();
      if (cheer.how === "with_sound") chime();
    }
    setTimeout(() => { shown.remove(); next(); }, SHOWN_MS[blank ? "panel" : "line"]);
  }

  function line([name, deed]) {
    const [shown, strong] = ["p", "b"].map((kind) => document.createElement(kind));
    shown.className = "cheer";
    strong.textContent = name;
    shown.append(strong, ` ${deed}`);
    return shown;
  }

  function panel(blank, [name, deed, note]) {
    const shown = blank.content.firstElementChild.cloneNode(true);
    for (const [part, text] of [["name", name], ["deed", deed], ["note", note]]) shown.querySelector(`[data-${part}]`).textContent = text || "";
    return shown;
  }

  function confetti() {
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    canvas.className = "confetti";
    canvas.setAttribute("aria-hidden", "true");
    [canvas.width, canvas.height] = [innerWidth, innerHeight];
    document.body.append(canvas);
    const size = Math.max(innerWidth, innerHeight) / 130, any = (least, most) => least + Math.random() * (most - least);
    const pieces = Array.from({ length: PIECES }, (_, nth) => ({
      x: innerWidth * any(.2, .8), y: innerHeight * any(-.1, .15), right: any(-.28, .28) * innerWidth, down: any(.35, .95) * innerHeight,
      turn: any(0, 6), spin: any(-9, 9), colour: COLOURS[nth % COLOURS.length], wide: size * any(.7, 1.4), high: size * any(.4, .8),
    }));
    const began = performance.now();
    const step = (at) => {
      const part = (at - began) / CONFETTI_MS;
      if (part >= 1) { canvas.remove(); return; }
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.globalAlpha = part < .7 ? 1 : (1 - part) / .3;
      for (const piece of pieces) {
        pen.save();
        pen.translate(piece.x + piece.right * part, piece.y + piece.down * part * (part + .35));
        pen.rotate(piece.turn + piece.spin * part);
        pen.fillStyle = piece.colour;
        pen.fillRect(-piece.wide / 2, -piece.high / 2, piece.wide, piece.high);
        pen.restore();
      }
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  // Two soft notes. A browser that was never touched may keep silent; a screen allows sound in its settings.
  let audio;
  function chime() {
    audio ||= new AudioContext();
    audio.resume();
    [659, 988].forEach((pitch, nth) => {
      const [tone, volume] = [audio.createOscillator(), audio.createGain()], at = audio.currentTime + nth * .16;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(.0001, at);
      volume.gain.exponentialRampToValueAtTime(.16, at + .02);
      volume.gain.exponentialRampToValueAtTime(.0001, at + .7);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + .75);
    });
  }

  return celebrate;
})();
