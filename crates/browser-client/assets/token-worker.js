// Keeps texts in its own memory for the page that started it.
const kept = new Map();
onmessage = ({ data, ports: [port] }) => {
  if (data.change === "store") kept.set(data.key, data.text);
  if (data.change === "remove") kept.delete(data.key);
  port.postMessage(kept.get(data.key) ?? null);
};
