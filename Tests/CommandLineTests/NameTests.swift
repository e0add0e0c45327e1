import Foundation
import Testing

@Suite("Names of any kind")
struct NameTests {
    @Test("A name with an escape sequence is shown, not obeyed, in text and in JSON")
    func escapeSequence() throws {
        let folder = try TestFolder()
        let evil = "a\u{1B}[31mred\u{7}\u{9B}2J\n.jpg"
        try folder.write(Data(), to: "photos/\(evil)")
        try folder.add(.anna, 1, as: "photos/\u{202E}gpj.exe.jpg")
        let sort = ["sort", "photos", "--to", "album"]
        for flags in [[], ["--json"], ["--quiet"], ["--verbose"]] {
            let run = try FacesortProgram.run(sort + flags, in: folder)
            #expect(run.status == 3, "\(run.errors)")
            let hidden = (run.output + run.errors).unicodeScalars.filter { scalar in
                scalar != "\n" && (scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value)
                    || scalar == "\u{202E}"
            }
            #expect(hidden.isEmpty, "with \(flags)")
        }
        let run = try FacesortProgram.run(sort, in: folder)
        #expect(run.output.contains("'a\\u{1B}[31mred\\u{7}\\u{9B}2J\\u{A}.jpg'"), "\(run.output)")
    }

    @Test("For a program faces --csv has the unchanged names")
    func csvKeepsNames() throws {
        let folder = try TestFolder()
        try folder.add(.anna, 1, as: "photos/tab\tand\u{1B}.jpg")
        _ = try FacesortProgram.run(["sort", "photos", "--to", "album"], in: folder)
        let run = try FacesortProgram.run(["faces", "album", "--csv"], in: folder)
        #expect(run.output.contains("\r\ntab\tand\u{1B}.jpg,"))
    }

    @Test("Folders whose names are not UTF-8 are read and written unchanged")
    func bytes() throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.shell(
            #"""
            mv photos "$(printf 'caf\351')" && mv people "$(printf 'gens\377')"
            facesort sort "$(printf 'caf\351')" --people="$(printf 'gens\377')" \
                --to "$(printf 'f\352te')" --quiet &&
            facesort status "$(printf 'f\352te')" --json > status.json &&
            ls "$(printf 'f\352te')/Anna"
            """#, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == "anna 1.jpg\nanna 2.jpg\n")
        #expect(folder.names(in: ".").count == 4, "and no folder with a repaired name beside them")
    }

    @Test("A private-use sign in a name, which arguments use internally, is read unchanged")
    func privateUse() throws {
        let folder = try TestFolder()
        try folder.add(.anna, 1, as: "\u{10FE41}/1.jpg")
        let run = try FacesortProgram.run(["sort", "\u{10FE41}", "--to", "album"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(folder.names(in: "album/unknown") == ["1.jpg"])
    }

    @Test("A folder with a leading dash is given behind '--' or as './-name'")
    func leadingDash() throws {
        let folder = try TestFolder()
        try folder.add(.anna, 1, as: "-photos/-1.jpg")
        for arguments in [
            ["sort", "--to", "one", "--", "-photos"], ["sort", "./-photos", "--to", "./-two"],
            ["sort", "./-photos", "--to=-three"],
        ] {
            let run = try FacesortProgram.run(arguments, in: folder)
            #expect(run.status == 0, "\(run.errors)")
        }
        for album in ["one", "-two", "-three"] {
            #expect(folder.names(in: "\(album)/unknown") == ["-1.jpg"])
        }
        let run = try FacesortProgram.run(["why", "./-two/unknown/-1.jpg"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test(
        "A command that the summary offers can be copied into a shell",
        arguments: ["our party", "it's ours", "-dash", "F\u{EA}te \u{1F389}", "a$b`c\\d"])
    func copiedCommands(album: String) throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.run(
            ["sort", "photos", "--people", "people", "--to=\(album)"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let line = try #require(run.output.split(separator: "\n").first { $0.contains(" undo ") })
        let end = try #require(line.range(of: "take this run back")?.lowerBound)
        let undo = try FacesortProgram.shell(String(line[..<end]), in: folder)
        #expect(undo.status == 0, "\(undo.errors)")
        #expect(folder.names(in: album).filter { !$0.hasPrefix(".") }.isEmpty)
    }
}
