import FaceCore
import SystemPackage
import Testing

@testable import AlbumKit

@Suite struct RenameTemplateTests {
    private func stem(_ template: String, _ values: [RenameField: String]) throws -> String? {
        try RenameTemplate(template).stem(values.mapValues { Array($0.utf8) })
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("Fields become the photo's values, and other text stays")
    func whole() throws {
        let values: [RenameField: String] = [.date: "2024-05-01", .people: "Anna", .kind: "pair"]
        #expect(try stem("{date} {people} {kind}", values) == "2024-05-01 Anna pair")
        #expect(try stem("Party_{date}-({people})!", values) == "Party_2024-05-01-(Anna)!")
        #expect(try stem("{kind}{kind}", values) == "pairpair")
        #expect(try stem("Holiday", values) == "Holiday")
    }

    @Test(
        "A missing field is left out with the text to its neighbour",
        arguments: [
            ("{date} {people} {kind}", [.people], "D K"),
            ("{date} {people} {kind}", [.date], "P K"),
            ("{date} {people} {kind}", [.kind], "D P"),
            ("{date} {people} {kind}", [.date, .people], "K"),
            ("{date} - {people}, {kind}", [.people], "D - K"),
            ("{date} ({people}) {kind}", [.people], "D K"),
            ("{date} ({people})", [.people], "D"),
            ("{date}_({people} {kind})", [.people], "D_(K)"),
            ("{date}_({people} {kind})", [.kind], "D_(P)"),
            ("({people}) {date}", [.people], "D"),
            ("[{date}] {people}", [.date], "P"),
            ("Party {date} {people}", [.date], "Party P"),
            ("Party {date} {people} end", [.people], "Party D end"),
            ("Party {date}, {people} end", [.date, .people], nil),
            ("{date}{people}-{kind}", [.people], "D-K"),
            ("{date} with {people} at {kind}", [.people], "D K"),
            ("{date}.{people}.{kind}", [.date, .kind], "P"),
        ] as [(String, [RenameField], String?)])
    func missing(template: String, fields: [RenameField], expected: String?) throws {
        var values: [RenameField: String] = [.date: "D", .people: "P", .kind: "K"]
        for field in fields { values[field] = nil }
        #expect(try stem(template, values) == expected)
    }

    @Test("A name is never empty, hidden, or more than a name")
    func hostileValues() throws {
        #expect(try stem("{people}", [.people: "../../etc/passwd"]) == "_.._etc_passwd")
        #expect(try stem("{camera}", [.camera: "..."]) == nil)
        #expect(try stem("{camera}", [.camera: "  "]) == nil)
        #expect(try stem("{camera}", [.camera: "a\nb\u{0}c:d*e"]) == "a_b_c_d_e")
        #expect(try stem("{people} {kind}", [.people: "Anna Jr.", .kind: "K"]) == "Anna Jr. K")
        let bytes = try RenameTemplate("{original}").stem([.original: [0x61, 0xFF, 0x3A]])
        #expect(bytes == [0x61, 0xFF, 0x3A])
    }

    @Test(
        "A wrong template is refused with the place and what to do",
        arguments: [
            ("{date}/{kind}", "has a '/' at character 7"),
            ("../{kind}", "has a '/' at character 3"),
            ("..", "begins with a dot, which would hide the photos"),
            ("{date} {place}", "has an unknown field '{place}' at character 8"),
            ("{Date}", "has an unknown field '{Date}' at character 1"),
            ("{}", "has an unknown field '{}' at character 1"),
            ("{date", "has a '{' without its partner at character 1"),
            ("{da{te}", "has a '{' without its partner at character 4"),
            ("date}", "has a '}' without its partner at character 5"),
            ("a\nb", "has a control character at character 2"),
            ("a\u{0}b", "has a control character at character 2"),
            ("", "is empty"),
            ("  ", "is empty"),
        ])
    func refusals(template: String, reason: String) {
        let error = #expect(throws: RenameTemplateError.self) { try RenameTemplate(template) }
        #expect(error?.reason == reason)
        #expect(error?.remedy.hasSuffix(".") == true || error?.remedy.hasSuffix("}.") == true)
    }

    @Test("An unknown field is answered with the list of fields")
    func listOfFields() {
        let error = #expect(throws: RenameTemplateError.self) { try RenameTemplate("{x}") }
        for field in RenameField.allCases {
            #expect(error?.remedy.contains("{\(field.rawValue)}") == true)
        }
    }
}

@Suite struct PhotoKindTests {
    private func kind(_ heights: [Double], width: Int = 4000, height: Int = 3000) -> PhotoKind {
        PhotoKind(
            faces: heights.map { FaceBox(left: 0, top: 0, width: $0, height: $0) }, width: width,
            height: height)
    }

    @Test("The kind follows from the number of faces and their sizes")
    func kinds() {
        #expect(kind([]) == .scene)
        #expect(kind([0.3]) == .portrait)
        #expect(kind([0.08]) == .portrait)
        #expect(kind([0.07]) == .scene, "a figure in a landscape")
        #expect(kind([0.01, 0.015]) == .scene, "passers-by")
        #expect(kind([0.2, 0.2]) == .pair)
        #expect(kind([0.2, 0.2, 0.1]) == .group)
        #expect(kind([Double](repeating: 0.1, count: 8)) == .group)
        #expect(kind([Double](repeating: 0.1, count: 9)) == .crowd)
        #expect(kind([Double](repeating: 0.01, count: 40)) == .crowd, "faces of a crowd are small")
    }

    @Test("Small faces far behind the one in front do not count")
    func background() {
        #expect(kind([0.4, 0.05, 0.06]) == .portrait)
        #expect(kind([0.4, 0.1]) == .pair)
    }

    @Test("Sizes are those of the shorter side, however the photo is held")
    func orientation() {
        #expect(kind([0.07], width: 3000, height: 4000) == .portrait)
    }
}
