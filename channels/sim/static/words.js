// Every word of the page, and how times are written.

const days = ["Min", "Sen", "Sel", "Rab", "Kam", "Jum", "Sab"];
const months = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
const zones = { "+07:00": "WIB", "+08:00": "WITA", "+09:00": "WIT" };

// wall reads an RFC 3339 time as the wall clock of its own zone, in the UTC fields of a Date.
function wall(at) {
  return { date: new Date(at.slice(0, 19) + "Z"), zone: zones[at.slice(19)] || at.slice(19) };
}

const two = (n) => String(n).padStart(2, "0");

export function clockTime(at) {
  const { date } = wall(at);
  return `${two(date.getUTCHours())}.${two(date.getUTCMinutes())}`;
}

export function day(at) {
  const { date } = wall(at);
  return `${days[date.getUTCDay()]} ${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

export function moment(at) {
  return `${day(at)} ${clockTime(at)} ${wall(at).zone}`;
}

// local is a number as people in Indonesia write it, in groups that can be read aloud.
export function local(number) {
  const n = number.startsWith("+62") ? "0" + number.slice(3) : number;
  return n.startsWith("0") ? n.replace(/^(\d{4})(\d{4})(\d+)$/, "$1 $2 $3") : n;
}

export const kinds = {
  reply: "jawaban", invitation: "undangan", prompt: "pertanyaan mingguan", reminder: "pengingat", notice: "pemberitahuan",
  mentoring: "bimbingan", alert: "mendesak", digest: "daftar pagi", escalation: "diteruskan", broadcast: "siaran", receipt: "bukti",
};

export const roads = { sms: "SMS", telegram: "chat", whatsapp: "WhatsApp", ussd: "USSD" };

// What each role gets and can try. Examples are words that people really send.
export const roles = {
  penerima: {
    name: "Penerima bantuan", group: "Penerima bantuan",
    sees: "Ditanya hasil jualan tiap Minggu 18.30; menjawab angka, bertanya soal bantuan, minta ditolong.",
    tries: ["YA", "750rb", "STATUS", "JADWAL", "TOLONG", "UBAH 800rb", "LIBUR", "MENU"],
  },
  tksk: {
    name: "TKSK", group: "TKSK (pendamping)",
    sees: "Tiap pagi 07.30 mendapat daftar orang yang perlu dibantu; menjawab nomor dan huruf, misalnya 1 lalu H1, K1, T1.",
    tries: ["1", "H1", "K1", "T1", "LAGI", "CARI SITI", "TUGAS"],
  },
  mentor: {
    name: "Mentor", group: "Mentor",
    sees: "Malam sebelum bimbingan mendapat jumlah yang akan datang; sesudahnya mencatat siapa yang hadir.",
    tries: ["SESI", "HADIR"],
  },
  koordinator: {
    name: "Koordinator", group: "Koordinator kabupaten",
    sees: "Diberi tahu bila kasus lewat batas. Halaman lengkapnya di konsol.",
    tries: ["MENU"],
  },
  kementerian: {
    name: "Kementerian", group: "Kementerian",
    sees: "Diberi tahu kasus yang paling lama terbuka. Halaman lengkapnya di konsol.",
    tries: ["MENU"],
  },
  "": {
    name: "Nomor tidak dikenal", group: "",
    sees: "Belum ada di program: bisa mendaftar dengan kode dan tahun lahir.",
    tries: ["INFO", "DAFTAR 123455"],
  },
};

export const consents = { ya: "sudah ikut", diundang: "diundang, belum menjawab", belum: "belum diundang", berhenti: "minta berhenti" };

export const words = {
  tabs: { sms: "SMS", ussd: "USSD", chat: "Chat" },
  fresh: "baru", close: "Tutup HP", send: "Kirim", sending: "Mengirim…", examples: "Contoh pesan",
  smsLabel: "Tulis SMS ke KABAR", smsEmpty: "Belum ada SMS di HP ini.",
  segments: (n) => `${n} SMS`,
  chatLabel: "Tulis di chat", chatEmpty: "Belum ada percakapan. Tulis sesuatu untuk menghubungkan chat ini.",
  edited: "diubah", pressed: (label) => `menekan ${label}`, shared: "membagikan nomor HP", keyboard: "Papan tombol", wroteNothing: "(kosong)",
  prefer: "Pesan terjadwal ke chat ini",
  ussdIdle: (code) => `Tekan ${code}\nlalu Panggil`, ussdInput: "Angka untuk USSD", ussdKeys: "Tombol angka", ussdCall: "Panggil", ussdReply: "Kirim",
  ussdErase: "Hapus", ussdHang: "Akhiri", ussdUnknown: (code) => `Kode ini bukan KABAR.\nTekan ${code}`, ussdOver: "Sesi selesai",
  ussdCount: (n) => `${n} dari 182 huruf`, ussdScreen: "Layar USSD",
  going: (to, now) => `Menuju ${to}. Sekarang ${now}.`,
  moved: (now, n) => `${now}. ${n === 0 ? "Tidak ada pesan keluar" : `${n} pesan keluar`}.`,
  backwards: "Jam hanya bisa maju. Pilih waktu sesudah jam program.",
  open: (name) => `Buka HP ${name}`, unknown: "Nomor tidak dikenal", none: "Tidak ada yang cocok.", inChat: "lewat chat",
  badNumber: "Nomor itu belum terbaca. Tulis seperti 0812 3456 7417.",
  problems: {
    bad_input: "Isian itu belum terbaca. Coba periksa lagi.", too_large: "Pesannya terlalu panjang.", chat_off: "Chat memakai Telegram yang asli, bukan simulator.",
    cross_origin: "Simulator menolak permintaan dari situs lain.", unavailable: "Belum berhasil. Coba sekali lagi.",
    offline: "Server tidak menjawab. Apakah demo masih berjalan?",
  },
};
