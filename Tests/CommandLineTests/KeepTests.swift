import Foundation
import Testing

@Suite("facesort keep")
struct KeepTests {
    /// A home with grey pictures: the bright ones are worth keeping. Sixty are sorted by hand, six
    /// more are on the phone.
    private func home() throws -> TestFolder {
        let folder = try TestFolder()
        for number in 0..<66 {
            let isBright = number % 2 == 0
            let grey = UInt8(isBright ? 160 + number : 20 + number)
            let picture = FlatPicture.png(side: 40 + number, grey: grey)
            let place = number < 60 ? "Sorted/" + (isBright ? "keep" : "discard") : "Phone"
            try folder.write(picture, to: "\(place)/\(100 + number).png")
        }
        try folder.add(.anna, 0, as: "Dear/Anna.jpg")
        return folder
    }

    @Test(
        "Contradicting flags are wrong usage, with what to write",
        arguments: [
            (["label", "--to", "Bin"], "'--keep' and '--discard'"),
            (["label", "Sorted", "--to", "Bin", "--open"], "about the page"),
            (["label", "Phone", "--to", "Bin", "--port", "0"], "65535"),
            (["label", "--to", "Bin", "--keep", "Phone"], "'--keep' and '--discard' go together"),
            (["label", "Sorted", "--to", "Bin", "--keep", "a", "--discard", "b"], "either"),
            (["train", "--to", "Bin"], "<photos>"), (["train", "Phone"], "--to"),
            (["train", "Phone", "--to", "Bin", "--people", "a", "--album", "b"], "--album"),
            (["apply", "Phone", "--to", "Bin", "--apply", "--dry-run"], "--dry-run"),
            (["apply", "Phone", "--to", "Bin", "--apply", "--page"], "--page"),
            (["apply", "Phone", "--to", "Bin", "--dry-run", "--page"], "--dry-run"),
            (["apply", "Phone", "--to", "Bin", "--open"], "add '--page'"),
            (["apply", "Phone", "--to", "Bin", "--sidecars", "burn"], "'move' and 'leave'"),
        ])
    func usage(_ arguments: [String], _ word: String) throws {
        let folder = try home()
        let run = try FacesortProgram.run(["keep"] + arguments, in: folder)
        #expect(run.status == 64, "\(run.errors)")
        #expect(run.errors.contains(word), "\(run.errors)")
        #expect(folder.names(in: "Bin").isEmpty)
    }

    @Test("Labels, learning, judging, moving and undoing, as the help's examples have it")
    func wholeWay() throws {
        let folder = try home()
        let early = try FacesortProgram.run(
            ["keep", "apply", "Phone", "--to", "Bin"], in: folder)
        #expect(early.status == 1 && early.errors.contains("has learnt nothing yet"))
        var outputs: [String] = []
        for example in [
            "facesort keep label ~/Sorted --to ~/Bin",
            "facesort keep train ~/Sorted --to ~/Bin --people ~/Dear",
            "facesort keep check --to ~/Bin",
            "facesort keep check --to ~/Bin --keep ~/Sorted/keep --discard ~/Sorted/discard",
            "facesort keep apply ~/Phone --to ~/Bin",
        ] {
            let run = try FacesortProgram.shell(example, in: folder)
            #expect(run.status == 0, "\(example): \(run.errors)")
            outputs.append(run.output)
        }
        #expect(outputs[0].hasPrefix("60 photos labelled: 30 to keep, 30 to discard. 60 are new."))
        #expect(outputs[1].hasPrefix("Learnt from 60 labels"))
        #expect(outputs[1].contains("held out") && outputs[1].contains("guess"))
        #expect(outputs[2].contains("No label was made or changed since."))
        #expect(outputs[3].contains("learnt from, so flattering"))
        #expect(outputs[4].contains("would go") && outputs[4].contains("nothing was moved"))
        #expect(folder.names(in: "Phone").count == 6)
        let offer = try #require(outputs[4].split(separator: "\n").last)
            .trimmingCharacters(in: .whitespaces)
        #expect(offer.hasSuffix("--apply"))
        let moved = try FacesortProgram.shell(offer, in: folder)
        #expect(moved.status == 0, "\(moved.errors)")
        #expect(folder.names(in: "Bin/discard") == ["161.png", "163.png", "165.png"])
        let undone = try FacesortProgram.shell("facesort undo ~/Bin", in: folder)
        #expect(undone.output.contains("3 files  moved back"), "\(undone.output)")
        #expect(folder.names(in: "Phone").count == 6)
    }

    @Test("For programs there is one document, with the figures and every verdict")
    func json() throws {
        let folder = try home()
        func document(_ arguments: [String]) throws -> [String: Any] {
            let run = try FacesortProgram.run(["keep"] + arguments + ["--json"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let value = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
            return try #require(value as? [String: Any])
        }
        let labels = try document(["label", "Sorted", "--to", "Bin"])
        #expect(labels["allKeepCount"] as? Int == 30)
        let training = try document(["train", "Sorted", "--to", "Bin"])
        let report = try #require(training["report"] as? [String: Any])
        #expect(report["verdict"] as? String == "learnt")
        let heldOut = try #require(report["heldOut"] as? [String: Any])
        #expect(
            (heldOut["accuracy"] as? Double ?? 0) > (heldOut["majorityAccuracy"] as? Double ?? 1))
        let judged = try document(["apply", "Phone", "--to", "Bin"])
        #expect((judged["verdicts"] as? [[String: Any]])?.count == 6)
        let few = try FacesortProgram.run(
            ["keep", "train", "Phone", "--to", "Other", "--json"], in: folder)
        #expect(few.status == 1 && few.errors.contains(#""code":"labels""#), "\(few.errors)")
    }
}
