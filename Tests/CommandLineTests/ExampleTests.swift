import Foundation
import Testing

@Suite("Examples")
struct ExampleTests {
    @Test("Every example of every help text does what it promises, in the home it assumes")
    func examples() throws {
        let folder = try TestFolder()
        try folder.add(.anna, 0, as: "People/Anna.jpg")
        try folder.add(.ben, 0, as: "People/Ben/portrait.jpg")
        try folder.add(.anna, 1, as: "Pictures/Party/IMG_0410.jpg")
        try folder.add(.ben, 1, as: "Pictures/Party/IMG_0411.jpg")
        try folder.add(.stranger, 1, as: "Pictures/Party/IMG_0412.jpg")
        try folder.add(group: "2008_002079.jpg", as: "Pictures/Party/IMG_0413.jpg")
        try folder.makeFolder("Desktop")
        // In this order: the first makes the album, undo takes it back, and only then are the
        // originals renamed.
        let commands = [
            "", "sort", "review", "faces", "groups", "people", "why", "status", "check", "models",
            "undo", "rename",
        ]
        var count = 0
        for command in commands {
            for example in try Self.examples(of: command, in: folder) {
                let run = try FacesortProgram.shell(Self.ending(example), in: folder)
                #expect(run.status == 0, "\(example): \(run.errors)")
                count += 1
            }
            if command == "sort" {
                #expect(folder.names(in: "Desktop/Party/Anna") == ["IMG_0410.jpg"])
            }
        }
        #expect(count >= commands.count)
        #expect(folder.names(in: "Desktop/Together").contains("IMG_0413.jpg"))
        #expect(folder.names(in: "Desktop/Party").filter { !$0.hasPrefix(".") }.isEmpty)
    }

    /// A visit lasts until its user ends it; here it ends once its address is printed.
    private static func ending(_ example: String) -> String {
        guard example.hasPrefix("facesort review") else { return example }
        // What an earlier visit told would end this one before it listens to signals.
        return """
            : > told
            \(example) 2> told & visit=$!
            while kill -0 $visit 2> gone && ! grep -q 'Open http://127.0.0.1:' told; do :; done
            kill -TERM $visit; wait $visit
            """
    }

    /// The commands below EXAMPLE or EXAMPLES in a help text.
    private static func examples(of command: String, in folder: TestFolder) throws -> [String] {
        let help = try FacesortProgram.run([command, "--help"].filter { !$0.isEmpty }, in: folder)
        let lines = help.output.components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix("EXAMPLE") })
        return lines[(start + 1)...].prefix { $0.hasPrefix("  ") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
