import Foundation
import Testing

@Suite("facesort review")
struct ReviewTests {
    @Test("The browser is started with an address for one visit, never with the key")
    func openInBrowser() throws {
        let folder = try TestFolder.withAlbum()
        // In the place of the system's own: it notes its argument and ends the visit.
        try folder.write(
            "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$1\" > opened\nkill -INT $PPID\n",
            to: "bin/xdg-open")
        let run = try FacesortProgram.shell(
            "chmod 755 bin/xdg-open; PATH=$PWD/bin:$PATH facesort review album --open", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let printed = try #require(run.errors.firstMatch(of: #/http:\/\/(\S+)\/\?token=(\w+)/#))
        let opened = String(decoding: try folder.bytes(of: "opened"), as: UTF8.self)
            .split(separator: "\n")
        #expect(opened.first == "1")
        #expect(opened.last?.hasPrefix("http://\(printed.1)/?once=") == true)
        #expect(opened.last?.contains(printed.2) == false)
    }
}
