import AlbumCatalogue
import FaceCore
import SystemPackage
import Testing

@Suite struct PhotoTests {
    let folder: TestFolder
    let catalogue: Catalogue

    init() throws {
        folder = try TestFolder()
        catalogue = try folder.open()
    }

    @Test("A photo comes back as recorded, bit for bit, even after opening again")
    func roundTrip() throws {
        let source = try catalogue.fill(photos: 0..<3)
        let bare = PhotoRecord(hash: Sample.hash(50), byteCount: 0, condition: .unreadable)
        let damaged = PhotoRecord(
            hash: Sample.hash(51), byteCount: 12, condition: .tooDamaged,
            failure: Failure(code: .damaged, reason: "It ends early."))
        try catalogue.record(bare, version: 1, file: Sample.file(50, in: source))
        try catalogue.record(damaged, version: 1, file: Sample.file(51, in: source))
        let all = ([0, 1, 2].map { Sample.photo($0) } + [bare, damaged])
            .sorted { $0.hash < $1.hash }
        #expect(try catalogue.photos() == all)
        try catalogue.close()
        let again = try folder.open(.read)
        #expect(try again.photos() == all)
        #expect(try again.photo(Sample.hash(1)) == Sample.photo(1))
        #expect(try again.photo(Sample.hash(50)) == bare)
        #expect(try again.photo(Sample.hash(99)) == nil)
        #expect(try again.photo(Sample.hash(1))?.faces == Sample.photo(1).faces)
    }

    @Test("A photo counts as analysed only for the version that analysed it")
    func versions() throws {
        let source = try catalogue.fill(photos: 0..<2)
        try catalogue.record(Sample.photo(1), version: 2, file: Sample.file(1, in: source))
        #expect(try catalogue.analysedPhotos(version: 1).contains(Sample.hash(0)))
        #expect(try !catalogue.analysedPhotos(version: 2).contains(Sample.hash(0)))
        #expect(try !catalogue.analysedPhotos(version: 1).contains(Sample.hash(1)))
        #expect(try !catalogue.analysedPhotos(version: 1).contains(Sample.hash(9)))
        #expect(try catalogue.analysedPhotos(version: 1) == [Sample.hash(0)])
        #expect(try catalogue.analysedPhotos(version: 2) == [Sample.hash(1)])
        #expect(try catalogue.analysedPhotos(version: 3).isEmpty)
    }

    @Test("A photo counts as analysed for every search that its search includes")
    func searches() throws {
        let source = try catalogue.fill(photos: 0..<2)
        try catalogue.record(
            Sample.photo(1), version: 1, search: .thorough, file: Sample.file(1, in: source))
        let both: Set = [Sample.hash(0), Sample.hash(1)]
        #expect(try catalogue.analysedPhotos(version: 1, search: .balanced) == both)
        #expect(try catalogue.analysedPhotos(version: 1, search: .thorough) == [Sample.hash(1)])
        #expect(try catalogue.analysedPhotos(version: 2, search: .balanced).isEmpty)
        try catalogue.record(
            Sample.photo(0), version: 1, search: .thorough, file: Sample.file(0, in: source))
        #expect(try catalogue.analysedPhotos(version: 1, search: .thorough) == both)
    }

    @Test("Analysing a photo again replaces its faces and drops their matches, and only theirs")
    func analysedAgain() throws {
        let source = try catalogue.fill(photos: 0..<2)
        try catalogue.begin(Sample.run("r1"))
        let matches = try catalogue.photos().flatMap(\.faces).map {
            Match(
                face: $0.id, named: nil, nearest: nil, runnerUp: nil, band: .no,
                reason: .nobodyKnown)
        }
        try catalogue.replaceMatches(matches, run: "r1")
        let better = PhotoRecord(
            hash: Sample.hash(0), byteCount: 1, format: .png, condition: .analysed, width: 1,
            height: 2, recordedFaces: [Sample.face(4, of: 0)])
        try catalogue.record(better, version: 2, file: Sample.file(0, in: source))
        #expect(try catalogue.photo(Sample.hash(0)) == better)
        #expect(try catalogue.photo(Sample.hash(1)) == Sample.photo(1))
        #expect(try catalogue.matches(of: Sample.hash(0)).isEmpty)
        #expect(try catalogue.matches() == matches.filter { $0.face.photo == Sample.hash(1) })
    }

    @Test("A photo that cannot be recorded whole leaves nothing behind")
    func wholeOrNotAtAll() throws {
        let source = try catalogue.fill(photos: 0..<1)
        let twice = PhotoRecord(
            hash: Sample.hash(5), byteCount: 1, condition: .analysed,
            recordedFaces: [Sample.face(0, of: 5), Sample.face(0, of: 5)])
        let code = error {
            try catalogue.record(twice, version: 1, file: Sample.file(5, in: source))
        }?.code
        #expect(code == .conflict)
        #expect(try catalogue.photos() == [Sample.photo(0)])
        #expect(try catalogue.photoFiles(in: source.id).count == 1)
    }

    @Test("Workers on several threads may record at once")
    func severalThreads() async throws {
        let source = try catalogue.rememberSource(.photos, at: "/p")
        let catalogue = catalogue
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for number in worker * 10..<worker * 10 + 10 {
                        try catalogue.record(
                            Sample.photo(number), version: 1,
                            file: Sample.file(number, in: source))
                        _ = try catalogue.photo(Sample.hash(number))
                    }
                }
            }
            try await group.waitForAll()
        }
        let expected = (0..<80).map { Sample.photo($0) }.sorted { $0.hash < $1.hash }
        #expect(try catalogue.photos() == expected)
    }
}
