import Foundation
import Testing

@Suite("facesort rename")
struct RenameTests {
    @Test("Old names and new ones are shown, then given, then taken back")
    func wholeWay() throws {
        let folder = try TestFolder.withEvent()
        let before = folder.names(in: "photos")
        let command = ["rename", "photos", "--people", "people", "--template", "{people} {kind}"]
        let dry = try FacesortProgram.run(command, in: folder)
        #expect(dry.status == 0)
        #expect(dry.output.hasPrefix("6 of 6 photos would be renamed; nothing was renamed.\n"))
        #expect(dry.output.contains("-> 'Anna portrait (2).jpg'"))
        #expect(dry.output.contains("-> 'scene.png'"))
        #expect(dry.output.hasSuffix("--apply\n"))
        #expect(folder.names(in: "photos").filter { !$0.hasPrefix(".") } == before)

        let run = try FacesortProgram.run(command + ["--apply"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            folder.names(in: "photos").filter { !$0.hasPrefix(".") } == [
                "Anna portrait (2).jpg", "Anna portrait.jpg", "Ben portrait (2).jpg",
                "Ben portrait.jpg", "portrait.jpg", "scene.png",
            ])
        let again = try FacesortProgram.run(command + ["--apply"], in: folder)
        #expect(again.output.hasPrefix("6 photos: all have their names already.\n"))

        let undo = try FacesortProgram.run(["undo", "photos"], in: folder)
        #expect(undo.status == 0)
        #expect(folder.names(in: "photos").filter { !$0.hasPrefix(".") } == before)
    }

    @Test("Copies get the new names, and missing fields are reported")
    func copies() throws {
        let folder = try TestFolder.withEvent()
        try folder.linkModels(to: "models")
        let run = try FacesortProgram.run(
            [
                "rename", "photos", "--to", "copies", "--apply", "--models", "models", "--template",
                "{date} {people} {label} {original}",
            ], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            folder.names(in: "copies").filter { !$0.hasPrefix(".") }
                == folder.names(in: "photos"))
        for text in [
            "Nobody is known, so {people} is left out.", "{label} is left out: 'resnet34",
            "6 photos have no date: {date} is left out.",
        ] {
            #expect(run.output.contains(text))
        }
    }

    @Test("A ZIP file and a contact sheet are written, and show every photo")
    func archiveAndSheet() throws {
        let folder = try TestFolder.withEvent()
        let before = folder.names(in: "photos")
        let command = [
            "rename", "photos", "--people", "people", "--template", "{people} {kind}", "--zip",
            "party.zip", "--sheet", "sheet.html",
        ]
        let dry = try FacesortProgram.run(command, in: folder)
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(!folder.names(in: "").contains("party.zip"))
        let run = try FacesortProgram.run(command + ["--apply"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.hasPrefix("6 of 6 photos copied to 'party.zip' under new names in "))
        #expect(!run.output.contains("undo"))
        #expect(run.output.contains("Labels are left out: "))
        #expect(folder.names(in: "photos").filter { !$0.hasPrefix(".") } == before)
        let page = try String(
            contentsOf: folder.url.appendingPathComponent("sheet.html"), encoding: .utf8)
        #expect(page.components(separatedBy: "<img src=\"data:image/jpeg;base64,").count == 7)
        for name in ["Anna portrait (2).jpg", "scene.png"] { #expect(page.contains(name)) }
        let again = try FacesortProgram.run(command + ["--apply"], in: folder)
        #expect(again.status == 1 && again.errors.contains("is there already"))
        let wrong = try FacesortProgram.run(
            ["rename", "photos", "--template", "x", "--sheet", "photos/a.jpg"], in: folder)
        #expect(wrong.status == 64)
    }

    @Test(
        "A bad template is refused with its place, before anything is looked at",
        arguments: [
            ("{date}/{kind}", "'/' at character 7"), ("../{kind}", "'/' at character 3"),
            ("{place}", "unknown field '{place}' at character 1"), ("", "is empty"),
            ("{date", "without its partner"), (".{date}", "begins with a dot"),
        ])
    func badTemplates(template: String, word: String) throws {
        let folder = try TestFolder()
        try folder.makeFolder("photos")
        let run = try FacesortProgram.run(
            ["rename", "photos", "--template", template], in: folder)
        #expect(run.status == 64)
        #expect(run.errors.contains(word), "\(run.errors)")
        #expect(folder.names(in: "photos").isEmpty)
    }
}
