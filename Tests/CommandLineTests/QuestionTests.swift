import Foundation
import Testing

@Suite("Questions about an album")
struct QuestionTests {
    @Test("faces --csv has its header and a row per face, by RFC 4180")
    func csv() throws {
        let folder = try TestFolder.withEvent()
        try folder.add(.anna, 4, as: "photos/with, comma \"and quotes\".jpg")
        _ = try FacesortProgram.run(
            ["sort", "photos", "--people", "people", "--to", "album"], in: folder)
        let run = try FacesortProgram.run(["faces", "album", "--csv"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.components(separatedBy: "\r\n")
        #expect(
            lines.first
                == "photo,left,top,right,bottom,person,distance,band,cluster,reference,decided")
        #expect(lines.last == "")
        #expect(lines.count == 8)
        let comma = try #require(lines.first { $0.hasPrefix("\"with") })
        #expect(comma.hasPrefix("\"with, comma \"\"and quotes\"\".jpg\","))
        let anna = try #require(lines.first { $0.hasPrefix("anna 1.jpg,") })
        let row = /anna 1\.jpg,(\d+),(\d+),(\d+),(\d+),Anna,0\.\d{4},sure,Anna,[^,]+,0/
        let fields = try #require(anna.wholeMatch(of: row)?.output)
        let (left, right) = (try #require(Int(fields.1)), try #require(Int(fields.3)))
        let (top, bottom) = (try #require(Int(fields.2)), try #require(Int(fields.4)))
        #expect(left >= 0 && left < right && right <= 150)
        #expect(top >= 0 && top < bottom && bottom <= 150)
        let stranger = try #require(lines.first { $0.hasPrefix("stranger.jpg,") })
        #expect(
            stranger.wholeMatch(of: /stranger\.jpg,\d+,\d+,\d+,\d+,,0\.\d{4},no,,[^,]+,0/) != nil)
    }

    @Test("faces as a table and as JSON list the same faces")
    func faces() throws {
        let folder = try TestFolder.withAlbum()
        let table = try FacesortProgram.run(["faces", "album"], in: folder)
        #expect(table.output.split(separator: "\n").count == 6)
        let document = try FacesortProgram.run(["faces", "album", "--json"], in: folder).document()
        let faces = try #require(document["faces"] as? [[String: Any]])
        #expect(faces.count == 5)
        #expect(faces.compactMap { $0["person"] as? String } == ["Anna", "Anna", "Ben", "Ben"])
        #expect(faces.allSatisfy { $0["band"] is String && $0["left"] is Int })
    }

    @Test("A long path is shortened in the table of faces and whole for programs (issue 15)")
    func longPath() throws {
        let folder = try TestFolder()
        let deep = (0..<9).map { _ in String(repeating: "a very long name ", count: 12) }
        let path = deep.joined(separator: "/") + "/the photo.jpg"
        try folder.add(.anna, 1, as: "photos/\(path)")
        try folder.add(.ben, 1, as: "photos/ben.jpg")
        _ = try FacesortProgram.run(["sort", "photos", "--to", "album"], in: folder)
        let table = try FacesortProgram.run(["faces", "album"], in: folder)
        let lines = table.output.split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { $0.count < 180 }, "\(table.output)")
        #expect(lines[1].contains(#/a very long.*….*/the photo\.jpg  /#))
        let csv = try FacesortProgram.run(["faces", "album", "--csv"], in: folder)
        #expect(csv.output.contains("\r\n" + path + ","))
        let document = try FacesortProgram.run(["faces", "album", "--json"], in: folder).document()
        let faces = try #require(document["faces"] as? [[String: Any]])
        #expect(faces.first?["photo"] as? String == path)
    }

    @Test("status lists photos that could not be read from the disk, in every form (issue 15)")
    func unread() throws {
        let folder = try TestFolder()
        try folder.add(.anna, 1, as: "photos/anna.jpg")
        // A file whose beginning no user can read.
        for number in 10..<36 {
            try FileManager.default.createSymbolicLink(
                atPath: folder.url.appendingPathComponent("photos/IMG_\(number).jpg").path,
                withDestinationPath: "/proc/self/mem")
        }
        let sort = try FacesortProgram.run(["sort", "photos", "--to", "album"], in: folder)
        #expect(sort.status == 3 && sort.output.contains("and 6 more: facesort status album"))
        let status = try FacesortProgram.run(["status", "album"], in: folder)
        let list = try FacesortProgram.run(["status", "album", "--skipped"], in: folder)
        #expect(!list.output.contains("Every file was sorted."))
        for number in 10..<36 {
            #expect(status.output.contains("'IMG_\(number).jpg' could not be read: "))
            #expect(list.output.contains("  could not be read  IMG_\(number).jpg\n"))
        }
        let document = try FacesortProgram.run(["status", "album", "--json"], in: folder).document()
        let failures = try #require(document["failures"] as? [[String: Any]])
        #expect(failures.count == 26)
        #expect(failures.allSatisfy { $0["code"] as? String == "notReadable" })
        let why = try FacesortProgram.run(["why", "IMG_10.jpg", "--album", "album"], in: folder)
        #expect(why.status == 1 && why.errors.contains("could not be read"), "\(why.errors)")
    }

    @Test("groups lists the group photos, and --to collects them once")
    func groups() throws {
        let folder = try TestFolder.withEvent()
        try folder.add(group: "2008_002079.jpg", as: "photos/six.jpg")
        _ = try FacesortProgram.run(
            ["sort", "photos", "--people", "people", "--to", "album"], in: folder)
        let list = try FacesortProgram.run(["groups", "album"], in: folder)
        #expect(list.output.hasPrefix("  six.jpg  "))
        let with = try FacesortProgram.run(
            ["groups", "album", "--with", "Anna", "--only", "--min-faces", "1", "--json"],
            in: folder)
        let photos = try #require(try with.document()["groups"] as? [[String: Any]])
        #expect(photos.compactMap { $0["photo"] as? String } == ["anna 1.jpg", "anna 2.jpg"])

        let dry = ["groups", "album", "--to", "together", "--dry-run"]
        #expect(try FacesortProgram.run(dry, in: folder).status == 0)
        #expect(!folder.has("together"))
        let collect = ["groups", "album", "--to", "together"]
        let first = try FacesortProgram.run(collect, in: folder)
        #expect(first.output == "1 photo copied to 'together'.\n", "\(first.errors)")
        let second = try FacesortProgram.run(collect, in: folder)
        #expect(second.output == "0 photos copied to 'together'; 1 was already there.\n")
        #expect(folder.names(in: "together").filter { !$0.hasPrefix(".") } == ["six.jpg"])
        #expect(try folder.bytes(of: "together/six.jpg") == folder.bytes(of: "photos/six.jpg"))
    }

    @Test("people lists everybody with portraits and photos, and check says when all is well")
    func people() throws {
        let folder = try TestFolder.withAlbum()
        let list = try FacesortProgram.run(["people", "album"], in: folder)
        #expect(list.output == "  Anna  2 photos  1 portrait\n  Ben   2 photos  1 portrait\n")
        let document = try FacesortProgram.run(
            ["people", "album", "list", "--json"], in: folder
        ).document()
        #expect((document["people"] as? [[String: Any]])?.count == 2)
        let check = try FacesortProgram.run(["people", "album", "check"], in: folder)
        #expect(check.output == "All portraits are fine.\n")
    }

    @Test("why explains a photo in the album, and its original, in words")
    func why() throws {
        let folder = try TestFolder.withAlbum()
        let inAlbum = try FacesortProgram.run(["why", "album/Anna/anna 1.jpg"], in: folder)
        #expect(inAlbum.status == 0, "\(inAlbum.errors)")
        #expect(inAlbum.output.contains("Anna"))
        let original = try FacesortProgram.run(
            ["why", "photos/anna 1.jpg", "Ben", "--album", "album"], in: folder)
        #expect(original.status == 0, "\(original.errors)")
        #expect(original.output.contains("Ben"))
        let stranger = try FacesortProgram.run(
            ["why", "album/unknown/stranger.jpg", "--json"], in: folder)
        let document = try stranger.document()
        #expect(document["places"] as? [String] == ["unknown"])
        #expect((document["sentences"] as? [String])?.isEmpty == false)
        #expect((document["faces"] as? [[String: Any]])?.count == 1)
    }

    @Test("status shows sources, runs and failures; check finds a file that was damaged")
    func statusAndCheck() throws {
        let folder = try TestFolder.withEvent()
        try folder.write(Data(), to: "photos/empty.jpg")
        _ = try FacesortProgram.run(
            ["sort", "photos", "--people", "people", "--to", "album"], in: folder)
        let status = try FacesortProgram.run(["status", "album"], in: folder)
        #expect(status.status == 0, "\(status.errors)")
        #expect(status.output.hasPrefix("'album': 7 photos, 5 faces, 2 people\n"))
        let run = /\n  1  sort  20\d\d-\d\d-\d\d \d\d:\d\d  finished\n/
        #expect(status.output.contains(run))
        #expect(status.output.contains("'empty.jpg'"))
        let document = try FacesortProgram.run(["status", "album", "--json"], in: folder).document()
        #expect(document["photoCount"] as? Int == 7)

        let whole = try FacesortProgram.run(["check", "album"], in: folder)
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(whole.output.hasPrefix("7 files checked: all are as facesort wrote them.\n"))
        try folder.write("mine", to: "album/Anna/my notes.txt")
        var bytes = try folder.bytes(of: "album/Ben/ben 1.jpg")
        bytes[bytes.count / 2] ^= 0xFF
        try bytes.write(to: folder.url.appendingPathComponent("album/Ben/ben 1.jpg"))
        let damaged = try FacesortProgram.run(["check", "album"], in: folder)
        #expect(damaged.status == 1)
        #expect(damaged.output.contains("ben 1.jpg"))
        #expect(damaged.output.contains("1 problem found"))
        #expect(damaged.output.contains("1 file of your own was left alone."))
    }

    @Test("undo takes the run back, leaves what was changed, and a dry run changes nothing")
    func undo() throws {
        let folder = try TestFolder.withAlbum()
        try folder.write("my own words", to: "album/Ben/ben 1.jpg")
        let dry = try FacesortProgram.run(["undo", "album", "--dry-run"], in: folder)
        #expect(dry.output.contains("would be taken back; nothing was changed."), "\(dry.errors)")
        #expect(folder.names(in: "album/Anna").count == 2)
        #expect(dry.status == 0)
        let run = try FacesortProgram.run(["undo", "album"], in: folder)
        #expect(run.status == 3, "\(run.errors)")
        #expect(run.output.hasPrefix("Run 1 of 'album' was taken back.\n"))
        #expect(run.output.contains("5 files  removed"))
        #expect(run.output.contains("'Ben/ben 1.jpg': "))
        #expect(folder.names(in: "album").filter { !$0.hasPrefix(".") } == ["Ben"])
        #expect(folder.names(in: "photos").count == 6)
        let again = try FacesortProgram.run(["undo", "album", "--all", "--json"], in: folder)
        // The left files may be tried again, and are left again.
        #expect(again.status == 3)
        let left = try again.document()["left"] as? [[String: Any]]
        // And so is the folder that holds it.
        #expect(left?.map { $0["path"] as? String } == ["Ben/ben 1.jpg", "Ben"])
    }

    @Test("models says where the model files are and that they can be used")
    func models() throws {
        let folder = try TestFolder()
        let run = try FacesortProgram.run(["models"], in: folder)
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.hasPrefix("Models in '\(FacesortProgram.models)':\n"))
        let document = try FacesortProgram.run(["models", "--json"], in: folder).document()
        #expect(document["isUsable"] as? Bool == true)
        let nowhere = try FacesortProgram.run(["models", "--models", "nowhere"], in: folder)
        #expect(nowhere.status == 12)
    }

    @Test("models says what each file does, its licence, and names an encoder to bring")
    func encoders() throws {
        let folder = try TestFolder()
        let run = try FacesortProgram.run(["models", "--verbose"], in: folder)
        for text in [
            "encodes faces", "CC0",
            "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
            "taguchi_face_recognition_resnet_model_v1", "licence MIT",
            "https://github.com/TaguchiModels/dlibModels",
        ] {
            #expect(run.output.contains(text), "\(text)")
        }
        let document = try FacesortProgram.run(["models", "--json"], in: folder).document()
        #expect((document["encoders"] as? [[String: Any]])?.count == 1)
        let files = try #require(document["files"] as? [[String: Any]])
        #expect(files.allSatisfy { ($0["hash"] as? String)?.count == 64 })
    }

    @Test("The flags of reencode are refused beside other questions about people")
    func reencodeFlags() throws {
        let folder = try TestFolder()
        let run = try FacesortProgram.run(
            ["people", "album", "check", "--encoder", "other.dat"], in: folder)
        #expect(run.status == 64 && run.errors.contains("reencode"), "\(run.errors)")
    }

    @Test("An encoder that is none is refused with a sentence, and nothing is written")
    func badEncoder() throws {
        let folder = try TestFolder()
        try folder.makeFolder("photos")
        try folder.write("no network", to: "encoder.dat")
        let run = try FacesortProgram.run(
            ["sort", "photos", "--to", "album", "--encoder", "encoder.dat"], in: folder)
        #expect(run.status == 12)
        #expect(run.errors.contains("encoder.dat' cannot be used: it "), "\(run.errors)")
        #expect(run.errors.contains("Nothing was changed."), "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/album"))
    }

    @Test("models names the file that only labels need, and says where to get it")
    func optionalModel() throws {
        let folder = try TestFolder()
        let file = "models/resnet34_1000_imagenet_classifier.dnn"
        try folder.linkModels(to: "models")
        let arguments = ["models", "--models", "models"]
        let missing = try FacesortProgram.run(arguments, in: folder)
        // Nothing else needs it.
        #expect(missing.status == 0, "\(missing.output)")
        for text in [
            "For labels in the names and sheets of 'rename' and for 'keep' to go by",
            "resnet34_1000_imagenet_classifier.dnn  not there",
            "http://dlib.net/files/resnet34_1000_imagenet_classifier.dnn.bz2", "bunzip2",
        ] {
            #expect(missing.output.contains(text), "\(text)")
        }
        try folder.write("BZh9, still compressed", to: file)
        let wrong = try FacesortProgram.run(arguments, in: folder)
        #expect(wrong.status == 0)
        #expect(wrong.output.contains("it is damaged or of another kind"), "\(wrong.output)")
        let document = try FacesortProgram.run(arguments + ["--json"], in: folder).document()
        let optional = try #require(document["optional"] as? [[String: Any]])
        #expect(optional.count == 1 && optional[0]["isThere"] as? Bool == true)
    }
}
