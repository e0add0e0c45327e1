import Testing

@Suite("Wrong usage")
struct UsageTests {
    @Test(
        "Senseless values are refused with exit status 64, before anything is read or written",
        arguments: [
            (["sort", "photos"], "--to"),
            (["sort", "photos", "--to", "album", "--tolerance", "0"], "above 0"),
            (["sort", "photos", "--to", "album", "--tolerance", "-1"], "above 0"),
            (["sort", "photos", "--to", "album", "--tolerance", "nan"], "above 0"),
            (["sort", "photos", "--to", "album", "--tolerance", "inf"], "above 0"),
            (["sort", "photos", "--to", "album", "--tolerance", "near"], "'near'"),
            (["sort", "photos", "--to", "album", "--group-size", "0"], "at least 1"),
            (["sort", "photos", "--to", "album", "--jobs", "0"], "at least 1"),
            (["sort", "photos", "--to", "album", "--jobs", "-2"], "at least 1"),
            (["sort", "photos", "--to", "album", "--link", "soft"], "'symbolic'"),
            (["sort", "photos", "--to", "album", "--rule", "guess"], "'guess'"),
            (["sort", "photos", "--to", "album", "--engine", "nonsense"], "'nonsense'"),
            (["sort", "photos", "--to", "album", "--engine", ""], "--engine"),
            (["sort", "photos", "--to", "album", "--search", "deep"], "'deep'"),
            (["sort", "photos", "--to", "album", "--quiet", "--verbose"], "together"),
            (["sort", "photos", "--to", ""], "--to"),
            (["faces"], "<album>"),
            (["groups", "album", "--only"], "--with"),
            (["groups", "album", "--min-faces", "0"], "at least 1"),
            (["groups", "album", "--dry-run"], "--to"),
            (["people", "album", "dance"], "dance"),
            (["review"], "<album>"),
            (["review", "album", "--port", "0"], "between 1 and 65535"),
            (["review", "album", "--port", "65536"], "between 1 and 65535"),
            (["undo", "album", "0"], "at least 1"),
            (["undo", "album", "2", "--all"], "--all"),
            (["undo", "album", "first"], "first"),
            (["shuffle"], "shuffle"),
        ])
    func refused(arguments: [String], word: String) throws {
        let folder = try TestFolder()
        try folder.makeFolder("photos")
        let run = try FacesortProgram.run(arguments, in: folder)
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("facesort: error: "))
        #expect(run.errors.contains(word))
        #expect(folder.names(in: ".") == ["photos"])
    }

    @Test("A misspelt flag gets a suggestion")
    func suggestion() throws {
        let run = try FacesortProgram.run(
            ["sort", "photos", "--to", "album", "--tolerence", "0.5"], in: try TestFolder())
        #expect(run.status == 64)
        #expect(run.errors.contains("Did you mean '--tolerance'?"))
    }

    @Test("With --json wrong usage is one JSON object on standard error")
    func json() throws {
        let run = try FacesortProgram.run(["sort", "photos", "--json"], in: try TestFolder())
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        let error = try run.error()
        #expect(error["code"] == "usage")
        #expect(Set(error.keys) == ["code", "subject", "reason", "remedy"])
        #expect(error["remedy"] == "See 'facesort sort --help' for more information.")

        let both = try FacesortProgram.run(["faces", "x", "--csv", "--json"], in: try TestFolder())
        #expect(both.status == 64)
        #expect(try both.error()["reason"]?.contains("together") == true)
    }
}
