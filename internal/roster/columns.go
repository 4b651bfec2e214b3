package roster

import "slices"

// List names a kind of list.
type List string

// The lists.
const (
	People   List = "people"
	Staff    List = "staff"
	Grants   List = "grants"
	Sessions List = "sessions"
)

// Field is a column that we know, by its Indonesian header.
type Field string

// Fields of all lists.
const (
	NIK        Field = "NIK"
	Name       Field = "Nama"
	Phone      Field = "No HP"
	Kabupaten  Field = "Kabupaten"
	Kecamatan  Field = "Kecamatan"
	Village    Field = "Desa"
	RT         Field = "RT/RW"
	Business   Field = "Jenis Usaha"
	Cluster    Field = "Klaster"
	Language   Field = "Bahasa"
	Batch      Field = "Angkatan"
	Incubator  Field = "Lembaga Inkubasi"
	BirthYear  Field = "Tahun Lahir"
	Code       Field = "Kode"
	Salutation Field = "Sapaan"
	Disability Field = "Disabilitas"
	Agreed     Field = "Persetujuan"
	Role       Field = "Peran"
	Agency     Field = "Lembaga"
	Email      Field = "Email"
	Stage      Field = "Tahap"
	Date       Field = "Tanggal"
	Amount     Field = "Jumlah"
	Bank       Field = "Bank"
	Account    Field = "Akhiran Rekening"
	Note       Field = "Catatan"
	Hour       Field = "Jam"
	Place      Field = "Tempat"
	Mentor     Field = "Mentor"
	Topic      Field = "Topik"
	Capacity   Field = "Kapasitas"
	Shift      Field = "Perubahan" // of a session: batal, pindah
)

// Mapping says in which column (from 0) a field stands.
type Mapping map[Field]int

// Fields are the columns of a list in their usual order, and those without which it cannot be read. Kabupaten is asked for
// only where the importer's area does not say it (interfaces.md, Files).
func Fields(list List) (fields, required []Field) {
	switch list {
	case People:
		return []Field{NIK, Name, Phone, Kabupaten, Kecamatan, Village, Business, Cluster, Language, Batch, Incubator, BirthYear, Code,
			Salutation, Disability, Agreed, RT}, []Field{Name, Kecamatan}
	case Staff:
		return []Field{Role, Name, Phone, Kabupaten, Kecamatan, Agency, Email, Salutation}, []Field{Role, Name}
	case Grants:
		return []Field{Code, Stage, Date, Amount, Bank, Account, Note}, []Field{Code, Stage}
	case Sessions:
		return []Field{Date, Hour, Kabupaten, Kecamatan, Place, Mentor, Topic, Capacity, Shift}, []Field{Date, Hour, Kecamatan, Place}
	}
	return nil, nil
}

// Guess matches headers to the fields of a list by their synonyms; of two columns for one field the first counts.
func Guess(list List, header []string) Mapping {
	fields, _ := Fields(list)
	m := Mapping{}
	for i, h := range header {
		f, ok := synonyms[plainHeader(h)]
		if ok && f == Incubator && !slices.Contains(fields, f) {
			f = Agency // staff lists call it "Lembaga", people's "Lembaga Inkubasi"
		}
		if ok && f == Stage && !slices.Contains(fields, f) {
			f = Shift // "Status" of a session
		}
		if ok && f == Agency && !slices.Contains(fields, f) {
			f = Incubator
		}
		if !ok || !slices.Contains(fields, f) {
			continue
		}
		if _, taken := m[f]; !taken {
			m[f] = i
		}
	}
	return m
}

// synonyms are headers as offices write them, reduced by plainHeader.
var synonyms = index(map[Field][]string{
	NIK:        {"nik", "nomornik", "nonik", "noktp", "nomorktp", "ktp", "nomorindukkependudukan"},
	Name:       {"nama", "namalengkap", "namakpm", "namapenerima", "namapenerimamanfaat", "namapeserta", "name", "namapetugas"},
	Phone:      {"nohp", "hp", "nomorhp", "nohandphone", "nomorhandphone", "handphone", "nomortelepon", "notelepon", "telepon", "notelp", "nomortelp", "telp", "hpwa", "nohpwa", "nowa", "nomorwa", "wa", "whatsapp", "nowhatsapp", "nomorwhatsapp", "nomorponsel", "noponsel", "ponsel", "kontak", "phone"},
	Kabupaten:  {"kabupaten", "kab", "kabkota", "kabupatenkota", "kotakabupaten", "kota", "district"},
	Kecamatan:  {"kecamatan", "kec", "namakecamatan"},
	Village:    {"desa", "kelurahan", "desakelurahan", "kelurahandesa", "desakel", "keldesa", "namadesa"},
	RT:         {"rt", "rtrw", "alamatrt"},
	Business:   {"jenisusaha", "usaha", "namausaha", "bidangusaha", "jenisusahakpm"},
	Cluster:    {"klaster", "cluster", "kluster", "klasterusaha"},
	Language:   {"bahasa", "bahasasms", "bahasapesan", "language"},
	Batch:      {"angkatan", "batch", "gelombang", "tahunprogram"},
	Incubator:  {"lembagainkubasi", "lembagainkubator", "inkubator", "mitrainkubasi"},
	BirthYear:  {"tahunlahir", "thlahir", "thnlahir", "lahir"},
	Code:       {"kode", "kodekpm", "kodekabar", "kodepeserta", "code"},
	Salutation: {"sapaan", "panggilan"},
	Disability: {"disabilitas", "difabel", "penyandangdisabilitas"},
	Agreed:     {"persetujuan", "tanggalpersetujuan", "tglpersetujuan", "setuju"},
	Role:       {"peran", "jabatan", "role", "tugas"},
	Agency:     {"lembaga", "instansi", "lembagainstansi", "asallembaga"},
	Email:      {"email", "surel", "alamatemail"},
	Stage:      {"tahap", "tahapan", "status", "statusbantuan", "tahapbantuan"},
	Date:       {"tanggal", "tgl", "sejak", "tanggaltahap", "date"},
	Amount:     {"jumlah", "nominal", "jumlahbantuan", "nilaibantuan", "rp"},
	Bank:       {"bank", "namabank", "bankpenyalur"},
	Account:    {"akhiranrekening", "rekening", "4angkarekening", "akhirrekening", "norekening", "akhirannorekening"},
	Note:       {"catatan", "keterangan", "ket", "note"},
	Hour:       {"jam", "pukul", "waktu"},
	Place:      {"tempat", "lokasi", "tempatpertemuan"},
	Mentor:     {"mentor", "mibi", "namamentor", "pendampingusaha", "narasumber"},
	Topic:      {"topik", "materi", "tema", "judul"},
	Capacity:   {"kapasitas", "kuota", "jumlahpeserta", "peserta"},
	Shift:      {"perubahan", "statussesi"},
})

func index(by map[Field][]string) map[string]Field {
	m := map[string]Field{}
	for f, words := range by {
		for _, w := range words {
			m[w] = f
		}
	}
	return m
}
