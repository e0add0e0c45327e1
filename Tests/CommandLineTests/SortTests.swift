import Foundation
import Testing

@Suite("facesort sort")
struct SortTests {
    private let sort = ["sort", "photos", "--people", "people", "--to", "album"]

    @Test("The summary has the people with their counts, and unknown with the reasons")
    func summary() throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.run(sort, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.hasPrefix("6 photos with 5 faces sorted into 'album' in "))
        #expect(run.output.contains("\n  Anna     2\n  Ben      2\n  group    0\n"))
        #expect(run.output.contains("\n  unknown  2  no face 1, strangers 1\n"))
        #expect(run.output.contains("\nWrote 6 files ("))
        #expect(run.output.contains("\n  facesort undo album"))
        #expect(folder.names(in: "album/Anna") == ["anna 1.jpg", "anna 2.jpg"])
        #expect(folder.names(in: "album/unknown") == ["nobody.png", "stranger.jpg"])
    }

    @Test("Without anything new to look at no model files and no home folder are needed")
    func withoutModels() throws {
        let folder = try TestFolder.withAlbum()
        try folder.makeFolder("none")
        let clean = ["clean", "photos", "--to", "bin", "--no-faces"]
        let rename = ["rename", "photos", "--template", "{date} {people}", "--album", "album"]
        #expect(try FacesortProgram.run(clean, in: folder).status == 0)
        let nothing: [String: String?] = ["FACESORT_MODELS": "none", "HOME": nil]
        for command in [["sort", "--to", "album"], clean, rename] {
            let run = try FacesortProgram.run(command, in: folder, environment: nothing)
            #expect(run.status == 0, "\(command): \(run.errors)")
        }
        try folder.add(.ben, 3, as: "photos/ben 3.jpg")
        for command in [["sort", "--to", "album"], clean, rename] {
            let run = try FacesortProgram.run(command, in: folder, environment: nothing)
            #expect(run.status == 12, "\(command): \(run.errors)")
            #expect(run.errors.contains("the model file is not there"))
        }
        #expect(folder.names(in: "album/.facesort/journal") == ["0001.jsonl"])
        let named = ["sort", "--to", "album", "--models", "none"]
        #expect(try FacesortProgram.run(named, in: folder).status == 12, "named, so they are meant")
    }

    @Test("The overview is on standard error, the summary on standard output, and no control signs")
    func streams() throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.run(sort, in: folder)
        #expect(run.errors.hasPrefix("6 photos, 2 people; "))
        #expect(!run.output.contains("2 people;"))
        #expect(!(run.errors + run.output).contains { $0 == "\u{1B}" || $0 == "\r" })
    }

    @Test("With --quiet a run that goes well says nothing")
    func quiet() throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.run(sort + ["--quiet"], in: folder)
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
        #expect(run.errors.isEmpty)
        #expect(folder.names(in: "album/Ben").count == 2)
    }

    @Test("With --quiet a photo that fails is still reported, on standard error")
    func quietFailure() throws {
        let folder = try TestFolder.withEvent()
        try folder.write(Data(), to: "photos/empty.jpg")
        let run = try FacesortProgram.run(sort + ["--quiet"], in: folder)
        #expect(run.status == 3)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("facesort: warning: 'empty.jpg' "))
    }

    @Test("With --json every line is an object, the overview comes first, the summary last")
    func json() throws {
        let folder = try TestFolder.withEvent()
        try folder.write(Data(), to: "photos/empty.jpg")
        let run = try FacesortProgram.run(sort + ["--json"], in: folder)
        #expect(run.status == 3)
        #expect(run.errors.isEmpty)
        let lines = try run.lines()
        let events = lines.compactMap { $0["event"] as? String }
        #expect(events.count == lines.count)
        #expect(events.filter { $0 != "learning" }.first == "overview")
        #expect(events.contains("analysing"))
        #expect(events.contains("failed"))
        #expect(events.last == "summary")
        let summary = try #require(lines.last?["summary"] as? [String: Any])
        #expect(summary["photoCount"] as? Int == 7)
        let people = try #require(summary["people"] as? [[String: Any]])
        #expect(people.compactMap { $0["photoCount"] as? Int } == [2, 2])
        let failures = try #require(summary["failures"] as? [[String: Any]])
        #expect(failures.map { $0["path"] as? String } == ["empty.jpg"])
    }

    @Test("With --json an error is one object on standard error, with reason and remedy")
    func jsonError() throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.run(
            ["sort", "nowhere", "--to", "album", "--json"], in: folder)
        #expect(run.status == 1)
        let error = try run.error()
        #expect(error["code"] == "notFound")
        #expect(error["subject"] == "nowhere")
        #expect(error["reason"]?.isEmpty == false)
        #expect(error["remedy"]?.isEmpty == false)
    }

    @Test("The second run has nothing to do and says so, without naming the folders again")
    func again() throws {
        let folder = try TestFolder.withAlbum()
        let run = try FacesortProgram.run(["sort", "--to", "album"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors == "6 photos, 2 people; nothing new to look at\n")
        #expect(run.output.contains("\nNothing had to be written.\n"))
    }

    @Test("A dry run says what would be written and writes nothing")
    func dryRun() throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.run(sort + ["--dry-run"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("would be sorted into 'album'; nothing was written."))
        #expect(run.output.contains("\n  add     Anna/anna 1.jpg\n"))
        #expect(!folder.has("album"))
    }

    @Test("Without people the photos go to group and unknown, and the next step is named")
    func noPeople() throws {
        let folder = try TestFolder()
        try folder.add(group: "2008_002079.jpg", as: "photos/six.jpg")
        try folder.add(.anna, 1, as: "photos/one.jpg")
        let run = try FacesortProgram.run(["sort", "photos", "--to", "album"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.hasPrefix("2 photos, no people yet; "))
        #expect(run.output.contains("facesort sort --people PEOPLE --to album"))
        #expect(folder.names(in: "album/group") == ["six.jpg"])
        #expect(folder.names(in: "album/unknown") == ["one.jpg", "six.jpg"])
    }

    @Test("Strangers in three photos are counted, and the last lines say where they are")
    func strangers() throws {
        let folder = try TestFolder.withEvent()
        for number in 2...3 {
            try folder.add(.stranger, 1, as: "photos/stranger \(number).jpg", mark: number)
        }
        let run = try FacesortProgram.run(sort, in: folder)
        #expect(run.output.contains("\n1 stranger appears in 3 or more photos.\n"))
        #expect(run.output.hasSuffix("\nStrangers:\n  album/unknown/person-01  in 3 photos\n"))
        #expect(folder.names(in: "album/unknown") == ["nobody.png", "person-01"])
        let table = try FacesortProgram.run(["faces", "album", "--csv"], in: folder)
        #expect(table.output.components(separatedBy: ",person-01").count == 4)
        let flat = try FacesortProgram.run(sort + ["--flat-unknown"], in: folder)
        #expect(flat.output.contains("\n1 stranger appears in 3 or more photos.\n"))
        #expect(!flat.output.contains("Strangers:"))
        #expect(folder.names(in: "album/unknown").count == 4)
    }

    @Test("Files that are not photos are one line, listed by status, and no failure")
    func skipped() throws {
        let folder = try TestFolder.withEvent()
        try folder.write("\0\0\0\u{18}ftypmp42\0\0\0\0", to: "photos/film.mp4")
        try folder.write("GIF89a\u{1}\0\u{1}\0", to: "photos/moving.gif")
        let run = try FacesortProgram.run(sort, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("\nNot sorted: 1 GIF, 1 video; "))
        let status = try FacesortProgram.run(["status", "album", "--skipped"], in: folder)
        #expect(status.output == "  video  film.mp4\n  GIF    moving.gif\n")
    }

    @Test("A portrait without a face is named with its remedy, in the summary and by people check")
    func portraitTrouble() throws {
        let folder = try TestFolder.withEvent()
        try folder.write(FlatPicture.png(side: 80), to: "people/Clara.png")
        let run = try FacesortProgram.run(sort, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("1 portrait needs a look"))
        let part = try #require(run.output.range(of: "\nPortraits that need a look:\n"))
        #expect(run.output[part.upperBound...].contains("Clara"))
        let check = try FacesortProgram.run(["people", "album", "check"], in: folder)
        #expect(check.status == 0)
        #expect(check.output.contains("Clara"))
        #expect(check.output.contains("\n  "), "the remedy")
    }

    @Test("Files of equal content are one photo, and the copies are listed")
    func copies() throws {
        let folder = try TestFolder.withEvent()
        try folder.add(.anna, 1, as: "photos/z/again.jpg")
        let run = try FacesortProgram.run(sort, in: folder)
        #expect(
            run.output.contains(
                "\n1 file is a copy of another photo, kept once; further names are in 'copies':\n"))
        #expect(run.output.contains("'anna 1.jpg' is also 'z/again.jpg'"))
        #expect(folder.names(in: "album/Anna").count == 2)
        #expect(folder.names(in: "album/copies") == ["again.jpg"])
    }

    @Test("The links asked for are made", arguments: ["hard", "symbolic"])
    func links(kind: String) throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.run(sort + ["--link", kind], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let file = folder.url.appendingPathComponent("album/Anna/anna 1.jpg").path
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        if kind == "hard" {
            #expect(attributes[.referenceCount] as? Int == 2)
        } else {
            #expect(attributes[.type] as? FileAttributeType == .typeSymbolicLink)
        }
    }
}
