import TestSupport
import Testing

@Suite struct MemoryTests {
    /// Issue 15: it hung in OpenBLAS or libdispatch, whichever asked first, or was ended by the system.
    @Test(
        "Where memory is refused it says so and ends, with nothing written", .slow,
        arguments: [350_000, 500_000, 700_000, 900_000])
    func refused(kilobytes: Int) throws {
        let folder = try TestFolder.withEvent()
        let run = try FacesortProgram.shell(
            "ulimit -v \(kilobytes); timeout 300 facesort sort photos --people people --to album",
            in: folder)
        // How much is enough differs by machine and build.
        if run.status == 0 {
            #expect(kilobytes > 600_000)
        } else {
            #expect(run.status == 12, "\(run.errors)")
            #expect(run.errors.contains("there is too little memory"), "\(run.errors)")
            #expect(folder.names(in: "album").isEmpty)
        }
        let next = try FacesortProgram.run(
            ["sort", "photos", "--people", "people", "--to", "album"], in: folder)
        #expect(next.status == 0, "\(next.errors)")
    }
}
