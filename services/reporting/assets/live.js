// Shows each new revision as the server renders it, and marks the rows that moved.
"use strict";

const rollup = document.getElementById("rollup");
const live = document.getElementById("live");

function fingerprints() {
  return new Map([...rollup.querySelectorAll("tr[id]")].map((row) => [row.id, row.dataset.state]));
}

function show(html) {
  const before = fingerprints();
  rollup.innerHTML = html;
  for (const row of rollup.querySelectorAll("tr[id]")) {
    if (before.has(row.id) && before.get(row.id) !== row.dataset.state) row.classList.add("moved");
  }
}

const source = new EventSource(`/live?plan=${encodeURIComponent(rollup.dataset.plan)}`);
source.onopen = () => { live.textContent = "Trực tuyến: số liệu tự cập nhật khi có báo cáo mới"; };
source.onerror = () => { live.textContent = "Mất kết nối, đang thử lại…"; };
source.addEventListener("rollup", (event) => show(event.data));
source.addEventListener("refused", () => { source.close(); location.reload(); });
