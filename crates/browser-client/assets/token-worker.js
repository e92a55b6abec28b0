// Stores texts in its own memory for the page that started it.
const texts = new Map();
onmessage = ({ data: { command, key, text }, ports: [port] }) => {
  if (command === "store") texts.set(key, text);
  if (command === "remove") texts.delete(key);
  port.postMessage(texts.get(key) ?? null);
};
