import Foundation
import Testing

@Suite("facesort clean")
struct CleanTests {
    private let clean = ["clean", "photos", "--to", "my bin"]

    @Test(
        "Contradicting flags are wrong usage, with what to write",
        arguments: [
            ([], "--duplicates"), (["--no-known"], "--people"),
            (["--blurred", "--apply", "--dry-run"], "--dry-run"),
            (["--no-known", "--people", "people", "--album", "album"], "--album"),
            (["--blurred", "--apply", "--page"], "--page"),
            (["--blurred", "--dry-run", "--page"], "--dry-run"),
            (["--blurred", "--port", "8080"], "--page"), (["--blurred", "--open"], "--page"),
            (["--blurred", "--page", "--port", "0"], "65535"),
            (["--blurred", "--sidecars", "burn"], "'move' and 'leave'"),
            (["--blurred", "--jobs", "0"], "--jobs"),
        ])
    func usage(_ flags: [String], _ word: String) throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.run(clean + flags, in: folder)
        #expect(run.status == 64)
        #expect(run.errors.contains(word), "\(run.errors)")
        #expect(folder.names(in: "my bin").isEmpty)
    }

    @Test("In lists for a spreadsheet a name like a formula is marked as text (issue 15)")
    func formulas() throws {
        let folder = try TestFolder()
        try folder.add(.anna, 1, as: "photos/=cmd|' calc'!A1.jpg")
        try folder.add(.anna, 1, as: "photos/+1.jpg")
        try folder.add(.ben, 1, as: "photos/@SUM(A1).jpg")
        try folder.add(.ben, 2, as: "photos/-2+3, \"4\".jpg")
        try folder.add(.stranger, 1, as: "photos/\t=5.jpg")
        try folder.add(.stranger, 2, as: "photos/plain=.jpg")
        let run = try FacesortProgram.run(
            clean + ["--duplicates", "--report", "lists"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let lists = try ["duplicates.csv", "sharpness.csv"].map {
            String(decoding: try folder.bytes(of: "lists/\($0)"), as: UTF8.self)
                .components(separatedBy: "\r\n")
        }
        #expect(Set(lists[0].dropFirst().map { $0.prefix(6) }) == ["'+1.jp", "'=cmd|", ""])
        let starts = lists[1].dropFirst().map { String($0.prefix(4)) }
        #expect(Set(starts) == ["'\t=5", "'+1.", "\"'-2", "'=cm", "'@SU", "plai", ""])
    }

    @Test("It says what would go; the command it offers moves it, and undo brings it back")
    func offered() throws {
        let folder = try TestFolder.withEvent()
        let anna = try Data(contentsOf: folder.url.appendingPathComponent("photos/anna 1.jpg"))
        try folder.write(anna, to: "photos/more/copy.jpg")
        let before = folder.names(in: "photos")
        let named = try FacesortProgram.run(
            clean + [
                "--duplicates", "--no-faces", "--no-known", "--people", "people", "--report",
                "lists",
            ], in: folder)
        #expect(named.status == 0, "\(named.errors)")
        #expect(named.output.hasPrefix("3 photos of 7 would go, "))
        #expect(named.output.contains("'more/copy.jpg' has the same bytes as 'anna 1.jpg'\n"))
        #expect(named.output.contains("'stranger.jpg' shows nobody who is known\n"))
        #expect(named.output.contains("'nobody.png' shows no face that could be found\n"))
        #expect(folder.names(in: "photos") == before)
        let lists = folder.url.appendingPathComponent("lists")
        let groups = try String(
            contentsOf: lists.appendingPathComponent("duplicates.csv"), encoding: .utf8)
        #expect(groups.hasPrefix("photo,group,keep,reason\r\nanna 1.jpg,1,1,"))
        let sharpness = try String(
            contentsOf: lists.appendingPathComponent("sharpness.csv"), encoding: .utf8)
        #expect(sharpness.split(separator: "\r\n").count == 8)

        let offer = try #require(named.output.split(separator: "\n").last)
            .trimmingCharacters(in: .whitespaces)
        #expect(offer.hasSuffix("--apply") && offer.contains("'my bin'"))
        let look = offer.replacingOccurrences(of: "--apply", with: "--page --open")
        #expect(named.output.contains("\n  \(look)\n"))
        let moved = try FacesortProgram.shell(offer, in: folder)
        #expect(moved.status == 0, "\(moved.errors)")
        #expect(moved.output.contains("moved to 'my bin'"))
        #expect(folder.names(in: "my bin/duplicates") == ["copy.jpg"])
        #expect(folder.names(in: "my bin/no-faces") == ["nobody.png"])
        #expect(folder.names(in: "my bin/others") == ["stranger.jpg"])
        let status = try FacesortProgram.run(["status", "my bin"], in: folder)
        #expect(status.output.hasPrefix("'my bin': 3 files moved here by facesort\n"))
        let undone = try FacesortProgram.run(["undo", "my bin"], in: folder)
        #expect(undone.output.contains("3 files  moved back"), "\(undone.output)")
        #expect(folder.names(in: "photos") == before)
        let again = try FacesortProgram.run(
            clean + ["--duplicates", "--json", "--apply"], in: folder)
        let summary = try JSONSerialization.jsonObject(with: Data(again.output.utf8))
        #expect((summary as? [String: Any])?["isApplied"] as? Bool == true)
    }
}
