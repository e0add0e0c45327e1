import Foundation
import Testing

@Suite("Pipes and signals")
struct StreamTests {
    @Test("A reader that goes away early gets no error and leaves no trace")
    func brokenPipe() throws {
        let folder = try TestFolder.withAlbum()
        // The reader is gone before the first byte is written: `read` waits for its end.
        let run = try FacesortProgram.shell(
            """
            mkfifo gate
            (read line < gate; facesort faces album --csv; echo "ended with $?" >&2) | true &
            echo go > gate
            wait
            """, in: folder)
        #expect(run.output.isEmpty)
        #expect(run.errors == "ended with 0\n")
    }

    @Test("A sort whose reader goes away still does its work")
    func brokenPipeWhileSorting() throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.shell(
            """
            (facesort sort photos --people people --to album --json; echo "ended with $?" >&2) \
                | head -n 1 > first
            """, in: folder)
        #expect(run.errors == "ended with 0\n")
        #expect(folder.names(in: "album/Anna").count == 2)
    }

    @Test("Output that cannot be written is an error")
    func fullDisk() throws {
        let folder = try TestFolder.withAlbum()
        let run = try FacesortProgram.shell("facesort faces album --csv > /dev/full", in: folder)
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("facesort: error: the output cannot be written: "))
    }

    @Test(
        "A run that did its work succeeds even if it cannot print anything",
        arguments: [">&-", "> /dev/full"])
    func untoldWork(redirection: String) throws {
        let folder = try TestFolder.withEvent()
        let sort = "facesort sort photos --people people --to album --json \(redirection)"
        let run = try FacesortProgram.shell(sort, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("facesort: warning: the output cannot be written: "))
        #expect(folder.names(in: "album/Anna").count == 2)
        try folder.write(Data(), to: "photos/empty.jpg")
        #expect(try FacesortProgram.shell(sort, in: folder).status == 3)
    }

    @Test("An answer that cannot be printed is an error, and so is the output of a dry run")
    func untoldAnswer() throws {
        let folder = try TestFolder.withAlbum()
        for command in ["faces album --csv", "undo album --dry-run", "sort --to album --dry-run"] {
            let run = try FacesortProgram.shell("facesort \(command) >&-", in: folder)
            #expect(run.status == 1, "\(command)")
        }
    }

    @Test("Output never gets into a file that was opened in place of a closed stream")
    func closedStreams() throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.shell(
            "facesort sort photos --people people --to album --json <&- >&- 2>&-", in: folder)
        #expect(run.status == 0)
        #expect(run.output.isEmpty && run.errors.isEmpty)
        let state = ["lock", "catalogue.sqlite", "journal/0001.jsonl"]
        for name in state {
            let bytes = try folder.bytes(of: "album/.facesort/\(name)")
            #expect(bytes.range(of: Data("\"event\"".utf8)) == nil, "\(name)")
        }
        #expect(try FacesortProgram.run(["check", "album"], in: folder).status == 0)
    }

    @Test("On a terminal progress is one line, drawn again within its width, and gone at the end")
    func terminal() throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.terminal(
            "facesort sort photos --people people --to album > summary.txt", in: folder,
            columns: 90)
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.hasSuffix("\r\u{1B}[K"))
        let lines = run.output.split { $0.isNewline || $0 == "\r" || $0 == "\u{1B}" }
        #expect(lines.contains { $0.contains("6 photos, 2 people; ") })
        #expect(lines.last { $0.hasPrefix("Looking at photos  ") }?.contains(" of 6") == true)
        #expect(lines.allSatisfy { $0.count < 90 })
    }

    @Test(
        "A terminal that cannot draw a line again gets no control signs, nor does --quiet or --json",
        arguments: [("dumb", ""), ("xterm", "--quiet"), ("xterm", "--json")])
    func plainTerminal(terminal: String, flag: String) throws {
        let folder = try TestFolder.withEvent()
        let sort = "facesort sort photos --people people --to album \(flag) > summary.txt"
        let run = try FacesortProgram.terminal(
            "TERM=\(terminal) \(sort)", in: folder, columns: 90)
        #expect(run.status == 0, "\(run.output)")
        #expect(!run.output.contains("\u{1B}"))
        #expect(!run.output.contains("Looking at photos"))
        #expect(folder.names(in: "album/Anna").count == 2)
    }

    @Test(
        "Ctrl-C or SIGTERM ends with 130, says how to go on, and the next run carries on",
        arguments: [SIGINT, SIGTERM])
    func interrupt(signal: Int32) throws {
        let folder = try TestFolder.withEvent()
        try addMorePhotos(to: folder)
        let sort = ["sort", "photos", "--people", "people", "--to", "album", "--json"]
        let run = try FacesortProgram.run(
            sort, in: folder, sending: signal, at: ["\"event\":\"analysing\""])
        #expect(run.status == 130)
        #expect(run.output.contains("Finishing the photos in hand ... (press again to stop"))
        #expect(!run.output.contains("\"event\":\"summary\""))
        let last = try #require(run.output.split(separator: "\n").last)
        let error = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: String]
        #expect(error?["code"] == "interrupted")
        #expect(error?["remedy"]?.isEmpty == false)

        let next = try FacesortProgram.run(sort, in: folder)
        #expect(next.status == 0, "\(next.errors)")
        let overview = try #require(
            try next.lines().first { $0["event"] as? String == "overview" }?["overview"]
                as? [String: Any])
        #expect(overview["isResumed"] as? Bool == true)
        let new = try #require(overview["newPhotoCount"] as? Int)
        #expect(new < 66, "what was in hand is kept")
        #expect(folder.names(in: "album/Anna").count == 62)
        #expect(folder.names(in: "album/Ben").count == 2)
    }

    @Test("A second Ctrl-C stops at once, and the next run makes the album whole")
    func secondInterrupt() throws {
        let folder = try TestFolder.withEvent()
        // Large photos of many faces, so that there is something in hand to be stopped.
        for mark in 0..<4 {
            try folder.add(group: "bald_guys.jpg", as: "photos/\(mark).jpg", mark: mark)
        }
        let sort = ["sort", "photos", "--people", "people", "--to", "album"]
        let run = try FacesortProgram.run(
            sort + ["--json"], in: folder, sending: SIGINT,
            at: ["\"event\":\"analysing\"", "Finishing the photos in hand"])
        #expect(run.status == 130)
        #expect(!run.output.contains("\"interrupted\""), "it had the time to say goodbye")
        let next = try FacesortProgram.run(sort, in: folder)
        #expect(next.status == 0, "\(next.errors)")
        #expect(folder.names(in: "album/Anna").count == 2)
        #expect(folder.names(in: "album/group").count == 4)
    }

    /// Enough photos for a signal to come while they are looked at.
    private func addMorePhotos(to folder: TestFolder) throws {
        for mark in 0..<60 {
            try folder.add(.anna, 3 + mark % 5, as: "photos/more \(mark).jpg", mark: mark)
        }
    }
}
