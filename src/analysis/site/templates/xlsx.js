"use strict";
// Sheets of words and numbers as the bytes of an XLSX: a ZIP of five small files, stored as they are.
window.OPENNESS_XLSX = (() => {
const table = Array.from({length: 256}, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc = bytes => {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
};
const numbers = (...pairs) => pairs.flatMap(([value, size]) => Array.from({length: size}, (_, n) => (value >>> (8 * n)) & 255));
const DATED = [[0, 2], [0x5c21, 2]];  // 1 January 2026
function zip(files) {
  const pieces = [], listed = [];
  let at = 0;
  for (const [name, words] of Object.entries(files)) {
    const path = new TextEncoder().encode(name), body = new TextEncoder().encode(words);
    const about = [[0x0800, 2], [0, 2], ...DATED, [crc(body), 4], [body.length, 4], [body.length, 4], [path.length, 2], [0, 2]];
    pieces.push(numbers([0x04034b50, 4], [20, 2], ...about), path, body);
    listed.push(numbers([0x02014b50, 4], [20, 2], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), path);
    at += 30 + path.length + body.length;
  }
  const size = listed.reduce((sum, piece) => sum + piece.length, 0), count = listed.length / 2;
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [at, 4], [0, 2]);
  return new Blob([...pieces, ...listed, end].map(piece => Uint8Array.from(piece)));
}
const escaped = words => String(words).replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "");
const cell = (content, head) => {
  if (content && typeof content === "object") return `<c s="${content.share ? 2 : 0}"><v>${content.number}</v></c>`;
  return `<c t="inlineStr" s="${head ? 1 : 0}"><is><t xml:space="preserve">${escaped(content)}</t></is></c>`;
};
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const sheet = rows => `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="12" width="24" customWidth="1"/></cols><sheetData>${
  rows.map((cells, n) => `<row>${cells.map(content => cell(content, n === 0)).join("")}</row>`).join("")}</sheetData></worksheet>`;
const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="10" applyNumberFormat="1"/></cellXfs></styleSheet>`;
return sheets => {
  const names = Object.keys(sheets);
  const files = {"[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${KIND}.styles+xml"/>${
    names.map((_, n) => `<Override PartName="/xl/worksheets/sheet${n + 1}.xml" ContentType="${KIND}.worksheet+xml"/>`).join("")}</Types>`,
  "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${
    names.map((name, n) => `<sheet name="${escaped(name).slice(0, 31)}" sheetId="${n + 1}" r:id="s${n + 1}"/>`).join("")}</sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${
    names.map((_, n) => `<Relationship Id="s${n + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`).join("")}<Relationship Id="styles" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  "xl/styles.xml": STYLES};
  names.forEach((name, n) => { files[`xl/worksheets/sheet${n + 1}.xml`] = sheet(sheets[name]); });
  return zip(files);
};
})();
