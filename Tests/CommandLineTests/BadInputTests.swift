import Foundation
import Testing

@Suite("Bad input gets a clear sentence, and nothing is lost")
struct BadInputTests {
    private let sort = ["sort", "photos", "--people", "people", "--to", "album"]

    /// Expects an error about `subject` with a remedy, and no album.
    private func expectRefusal(
        _ arguments: [String], in folder: TestFolder, about subject: String, status: Int32 = 1,
        remedy: String? = nil, environment: [String: String?] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let run = try FacesortProgram.run(arguments, in: folder, environment: environment)
        #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
        #expect(run.output.isEmpty, sourceLocation: sourceLocation)
        let lines = run.errors.split(separator: "\n")
        let isSentence = lines.contains {
            $0.hasPrefix("facesort: error: ") && $0.contains(subject)
        }
        #expect(isSentence, "\(run.errors)", sourceLocation: sourceLocation)
        // Every error says what did not happen and what to do.
        #expect(
            lines.last?.hasPrefix("  \(remedy ?? "")") == true, "\(run.errors)",
            sourceLocation: sourceLocation)
        #expect(!run.errors.contains("AlbumError"), sourceLocation: sourceLocation)
    }

    @Test("Missing folders are named")
    func missingFolders() throws {
        let folder = try TestFolder.withEvent()
        try expectRefusal(
            ["sort", "nowhere", "--to", "album"], in: folder, about: "'nowhere'")
        try expectRefusal(
            ["sort", "photos", "--people", "nowhere", "--to", "album"], in: folder,
            about: "'nowhere'")
        #expect(!folder.has("album"))
    }

    @Test("A file given as a folder is named")
    func fileAsFolder() throws {
        let folder = try TestFolder.withEvent()
        try folder.write("a list", to: "list.txt")
        try expectRefusal(
            ["sort", "photos", "--people", "list.txt", "--to", "album"], in: folder,
            about: "'list.txt'")
        try expectRefusal(
            ["sort", "photos", "--people", "people", "--to", "list.txt"], in: folder,
            about: "'list.txt'")
        #expect(try folder.bytes(of: "list.txt") == Data("a list".utf8))
    }

    @Test("An album inside PHOTOS, or PHOTOS inside the album, is refused")
    func albumInsidePhotos() throws {
        let folder = try TestFolder.withEvent()
        let names = folder.names(in: "photos")
        try expectRefusal(
            ["sort", "photos", "--to", "photos/album"], in: folder, about: "'photos/album'")
        try expectRefusal(["sort", "photos", "--to", "photos"], in: folder, about: "'photos'")
        #expect(folder.names(in: "photos") == names)
    }

    @Test("A folder with things in it that facesort did not make is refused and left alone")
    func foreignFolder() throws {
        let folder = try TestFolder.withEvent()
        try folder.write("mine", to: "album/letter.txt")
        try expectRefusal(sort, in: folder, about: "'album'")
        #expect(folder.names(in: "album") == ["letter.txt"])
        #expect(try folder.bytes(of: "album/letter.txt") == Data("mine".utf8))
    }

    @Test(
        "A person who is called like a place, or like another person, is refused by name",
        arguments: [
            (["group.jpg"], "group"), (["Unknown.jpg"], "Unknown"),
            (["unreadable/1.jpg"], "unreadable"), (["Anna.jpg", "anna/1.jpg"], "nna"),
            (["Zo\u{EB}.jpg", "Zoe\u{308}/1.jpg"], "Zo"),
        ])
    func personNames(portraits: [String], name: String) throws {
        let folder = try TestFolder()
        for (number, portrait) in portraits.enumerated() {
            try folder.add(.anna, number, as: "people/\(portrait)")
        }
        try folder.add(.ben, 0, as: "photos/1.jpg")
        try expectRefusal(sort, in: folder, about: name)
        #expect(folder.names(in: "album").filter { !$0.hasPrefix(".") }.isEmpty)
    }

    @Test("Damaged, empty and misnamed photos are listed with the reason, copied, and give exit 3")
    func damagedPhotos() throws {
        let folder = try TestFolder.withEvent()
        let whole = try folder.bytes(of: "photos/anna 1.jpg")
        try folder.write(Data(whole.prefix(whole.count / 8)), to: "photos/cut.jpg")
        try folder.write(Data(), to: "photos/empty.jpg")
        try folder.write("no picture at all", to: "photos/text.jpg")
        try FileManager.default.moveItem(
            at: folder.url.appendingPathComponent("photos/anna 2.jpg"),
            to: folder.url.appendingPathComponent("photos/anna 2.png"))
        let run = try FacesortProgram.run(sort, in: folder)
        #expect(run.status == 3)
        for name in ["cut.jpg", "empty.jpg", "text.jpg"] {
            #expect(run.output.contains("'\(name)'"), "\(run.output)")
        }
        #expect(folder.names(in: "album/unreadable").contains("empty.jpg"))
        #expect(folder.names(in: "album/unreadable").contains("text.jpg"))
        // The content is what counts: a JPEG called PNG is read, and fails in nothing.
        #expect(folder.names(in: "album/Anna") == ["anna 1.jpg", "anna 2.png"])

        let again = try FacesortProgram.run(sort, in: folder)
        #expect(again.status == 3, "a failed photo is reported while it is there")
    }

    @Test("Model files that are missing or cut short give exit 12 and the remedy")
    func models() throws {
        let folder = try TestFolder.withEvent()
        try expectRefusal(
            sort, in: folder, about: "models", status: 12,
            remedy: "Run Scripts/setup to fetch the models, or name their folder with --models.",
            environment: ["FACESORT_MODELS": folder.path + "/models"])
        try folder.makeFolder("models")
        for name in try FileManager.default.contentsOfDirectory(atPath: FacesortProgram.models) {
            let file = URL(fileURLWithPath: FacesortProgram.models).appendingPathComponent(name)
            try folder.write(
                Data(try Data(contentsOf: file).prefix(100_000)), to: "models/\(name)")
        }
        try expectRefusal(
            sort + ["--models", "models"], in: folder, about: "model", status: 12,
            remedy: "Remove that folder and run Scripts/setup to fetch the models again.")
        #expect(folder.names(in: "album").filter { !$0.hasPrefix(".") }.isEmpty)
        let report = try FacesortProgram.run(["models", "--models", "models"], in: folder)
        #expect(report.status == 12)
    }

    @Test("An engine that this processor lacks is refused with its flag, before an album is made")
    func engine() throws {
        let folder = try TestFolder.withEvent()
        // oneDNN is limited to AVX2, so AVX-512 with bf16 is missing.
        try expectRefusal(
            sort + ["--engine", "bf16"], in: folder, about: "'--engine'", status: 64,
            remedy: "Leave '--engine' away: facesort then takes what runs best here.",
            environment: ["ONEDNN_MAX_CPU_ISA": "AVX2"])
        #expect(!folder.has("album"))
        let run = try FacesortProgram.run(
            sort + ["--engine", "f32"], in: folder, environment: ["ONEDNN_MAX_CPU_ISA": "AVX2"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(folder.names(in: "album/Anna") == ["anna 1.jpg", "anna 2.jpg"])
    }

    @Test(
        "No command accepts a folder that is not an album",
        arguments: [
            ["faces"], ["groups"], ["people"], ["status"], ["check"], ["undo"],
        ])
    func noAlbum(command: [String]) throws {
        let folder = try TestFolder.withEvent()
        try expectRefusal(command + ["photos"], in: folder, about: "'photos'")
        try expectRefusal(command + ["nowhere"], in: folder, about: "'nowhere'")
        #expect(!folder.has("photos/.facesort"))
    }

    @Test("A catalogue that is damaged, or of a newer version, is refused and left as it is")
    func catalogue() throws {
        let folder = try TestFolder.withAlbum()
        let noise = Data((0..<5000).map { UInt8($0 % 251) })
        let catalogue = try #require(
            folder.names(in: "album/.facesort").first { $0.hasSuffix(".sqlite") })
        for name in folder.names(in: "album/.facesort") where name.hasPrefix(catalogue + "-") {
            try FileManager.default.removeItem(
                at: folder.url.appendingPathComponent("album/.facesort/\(name)"))
        }
        try folder.write(noise, to: "album/.facesort/\(catalogue)")
        try expectRefusal(sort, in: folder, about: "album")
        try expectRefusal(["faces", "album"], in: folder, about: "album")
        #expect(try folder.bytes(of: "album/.facesort/\(catalogue)") == noise)
    }

    @Test("A photo or a person that the album does not know is named")
    func unknownNames() throws {
        let folder = try TestFolder.withAlbum()
        try folder.add(.ben, 5, as: "other.jpg")
        try expectRefusal(
            ["why", "other.jpg", "--album", "album"], in: folder, about: "'other.jpg'")
        try expectRefusal(["why", "other.jpg"], in: folder, about: "'other.jpg'")
        try expectRefusal(
            ["why", "album/Anna/anna 1.jpg", "Zora"], in: folder, about: "'Zora'")
        try expectRefusal(["groups", "album", "--with", "Zora"], in: folder, about: "'Zora'")
        try expectRefusal(["undo", "album", "99"], in: folder, about: "99")
    }

    @Test("Two runs at once: the second ends with exit 11 and the first is not disturbed")
    func twoRuns() throws {
        let folder = try TestFolder.withEvent()
        for mark in 0..<40 {
            try folder.add(.anna, 3 + mark % 5, as: "photos/more \(mark).jpg", mark: mark)
        }
        // The shell starts the first, waits for its first photo, starts the second.
        let run = try FacesortProgram.shell(
            """
            mkfifo lines
            facesort sort photos --people people --to album --jobs 1 --json > lines &
            while read -r line; do
                case "$second$line" in
                '{'*analysing*)
                    facesort sort photos --people people --to album
                    second=$?
                    echo "second: $second" ;;
                esac
            done < lines
            wait $!
            echo "first: $?"
            """, in: folder)
        #expect(run.output.contains("second: 11"), "\(run.errors)")
        #expect(run.output.contains("first: 0"), "\(run.errors)")
        #expect(run.errors.contains("'album'"))
        #expect(folder.names(in: "album/Anna").count == 42)
    }
}
