// Signs in the browser: the key is made here, cannot be exported, and is gone with the page.
//
// The page never signs on trust. It fetches the prepared file, checks that it begins with the very
// document it was shown (its digest stands on the page), hashes the signed ranges itself, and
// compares with the digest inside the attributes that it is asked to sign. A detached signature is
// over all of the file as it is.
//
// Without WebCrypto the form posts as it is, and the server says so in the evidence.
"use strict";

(() => {
  const form = document.querySelector("form[data-sign]");
  if (!form || !window.crypto || !window.crypto.subtle) return;

  const subtle = window.crypto.subtle;
  const note = document.querySelector("[data-sign-note]");
  const report = document.querySelector("[data-sign-report]");
  const place = document.querySelector("[data-sign-prepared]");
  const button = form.querySelector("button[type=submit]");
  const words = form.dataset;
  if (note) note.textContent = words.noteBrowser;

  const toBase64 = (buffer) => {
    let text = "";
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const toHex = (buffer) =>
    Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const say = (text, kind) => {
    if (!report) return;
    report.hidden = false;
    report.dataset.kind = kind;
    report.textContent = text;
  };

  // The very bytes that are signed, one tap away, with their digest.
  const show = (url, digest) => {
    if (!place) return;
    const link = document.createElement("a");
    link.href = url;
    link.textContent = words.prepared;
    const said = document.createElement("span");
    said.className = "mono";
    said.textContent = ` SHA-256 ${digest}`;
    place.replaceChildren(link, said);
    place.hidden = false;
  };

  const post = async (url, body) => {
    const answer = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRF-Token": form.elements._csrf.value,
        "Idempotency-Key": crypto.randomUUID(),
      },
      body: JSON.stringify(body),
    });
    const answered = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const error = new Error(answered.detail || answered.title || words.failed);
      error.code = answered.code;
      throw error;
    }
    return answered;
  };

  // The algorithms, as WebCrypto and CMS name them. The digest of Ed25519 is SHA-512 (RFC 8419).
  const algorithms = {
    ecdsa_p256: {
      key: { name: "ECDSA", namedCurve: "P-256" },
      sign: { name: "ECDSA", hash: "SHA-256" },
      digest: "SHA-256",
    },
    rsa_pkcs1: {
      key: {
        name: "RSASSA-PKCS1-v1_5",
        hash: "SHA-256",
        modulusLength: 3072,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
      sign: { name: "RSASSA-PKCS1-v1_5" },
      digest: "SHA-256",
    },
    ed25519: { key: { name: "Ed25519" }, sign: { name: "Ed25519" }, digest: "SHA-512" },
  };

  const holds = (attributes, digest) => {
    const wanted = new Uint8Array(digest);
    outer: for (let at = 0; at + wanted.length + 2 <= attributes.length; at += 1) {
      if (attributes[at] !== 0x04 || attributes[at + 1] !== wanted.length) continue;
      for (let i = 0; i < wanted.length; i += 1) {
        if (attributes[at + 2 + i] !== wanted[i]) continue outer;
      }
      return true;
    }
    return false;
  };

  const check = async (prepared, algorithm) => {
    if (prepared.form !== words.form) throw new Error(words.otherFile);
    const answer = await fetch(prepared.file_url, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(words.failed);
    const file = new Uint8Array(await answer.arrayBuffer());
    const whole = toHex(await subtle.digest("SHA-256", file));
    if (whole !== prepared.prepared_sha256) throw new Error(words.otherFile);
    show(prepared.file_url, whole);
    const shown = file.subarray(0, Number(words.mainSize));
    if (toHex(await subtle.digest("SHA-256", shown)) !== words.mainDigest) {
      throw new Error(words.otherFile);
    }
    const [a, b, c, d] = prepared.byte_range;
    if (a !== 0 || c + d !== file.length || b > c) throw new Error(words.otherFile);
    // Only what stands beside the file leaves no hole in it.
    if ((b === c) !== (words.form === "detached")) throw new Error(words.otherFile);
    const signed = new Uint8Array(b + d);
    signed.set(file.subarray(0, b), 0);
    signed.set(file.subarray(c, c + d), b);
    const digest = await subtle.digest(algorithm.digest, signed);
    const attributes = fromBase64(prepared.signed_attributes);
    if (!holds(attributes, digest)) throw new Error(words.otherFile);
    return attributes;
  };

  const once = async () => {
    const algorithm = algorithms[words.algorithm];
    const pair = await subtle.generateKey(algorithm.key, false, ["sign", "verify"]);
    const spki = await subtle.exportKey("spki", pair.publicKey);
    say(words.preparing, "wait");
    const prepared = await post(words.prepareUrl, { spki: toBase64(spki) });
    say(words.checking, "wait");
    const attributes = await check(prepared, algorithm);
    const value = await subtle.sign(algorithm.sign, pair.privateKey, attributes);
    say(words.sending, "wait");
    sent = { signing_id: prepared.signing_id, signature: toBase64(value) };
    return complete();
  };

  // What was sent and not answered: the server may have it. Asked again, it tells the same.
  let sent = null;
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const complete = async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        const done = await post(words.completeUrl, sent);
        sent = null;
        return done;
      } catch (error) {
        // A refusal is an answer; no answer is none.
        if (!(error instanceof TypeError)) {
          sent = null;
          throw error;
        }
        if (tries === 3) throw error;
        await pause(1500);
      }
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      let done;
      try {
        done = sent ? await complete() : await once();
      } catch (error) {
        // Somebody else signed in between: the copy grew, so prepare on the new one, once.
        if (error.code !== "signing-stale") throw error;
        done = await once();
      }
      window.location.assign(done.location);
    } catch (error) {
      // The browser's own words for a lost connection are neither ours nor the reader's language.
      const told = error instanceof TypeError ? "" : error.message;
      say(told || (sent ? words.unknown : words.failed), "bad");
      button.disabled = false;
    }
  });
})();
