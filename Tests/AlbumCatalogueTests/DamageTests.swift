import AlbumCatalogue
import FaceCore
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

@Suite struct DamageTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// The error of opening and reading everything.
    private func errorOfReading(_ access: Catalogue.Access) -> CatalogueError? {
        error {
            let catalogue = try folder.open(access)
            _ = (try catalogue.photos(), try catalogue.sources(), try catalogue.placedFiles())
        }
    }

    @Test("Bytes that are not a database count as damaged", arguments: 1...5)
    func noDatabase(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let bytes = Data((0..<seed * 1000).map { _ in UInt8.random(in: 0...255, using: &random) })
        try folder.write(bytes)
        #expect(errorOfReading(.read)?.code == .damaged)
        #expect(errorOfReading(.write)?.code == .damaged)
        #expect(try folder.bytes() == bytes)
    }

    @Test("A catalogue that was cut short is damaged", arguments: [100, 5000, 50_000])
    func cutShort(byteCount: Int) throws {
        _ = try folder.open().fill(photos: 0..<40)
        let bytes = try folder.bytes()
        try #require(bytes.count > byteCount)
        try folder.write(bytes.prefix(byteCount))
        #expect(errorOfReading(.read)?.code == .damaged)
        #expect(errorOfReading(.write)?.code == .damaged)
    }

    @Test("A catalogue with a sound header and other pages overwritten is damaged")
    func overwritten() throws {
        _ = try folder.open().fill(photos: 0..<40)
        var bytes = try folder.bytes()
        bytes.replaceSubrange(4096..., with: Data(repeating: 0xAA, count: bytes.count - 4096))
        try folder.write(bytes)
        #expect(errorOfReading(.read)?.code == .damaged)
        #expect(errorOfReading(.write)?.code == .damaged)
    }

    @Test("The check finds one overwritten page, unless it was empty", arguments: 1...25)
    func onePage(seed: Int) throws {
        _ = try folder.open().fill(photos: 0..<20)
        let sound = try folder.open(.read).photos()
        var bytes = try folder.bytes()
        var random = SplitMix64(seed: UInt64(seed))
        let page = Int.random(in: 1..<bytes.count / 4096, using: &random)
        let noise = Data((0..<4096).map { _ in UInt8.random(in: 0...255, using: &random) })
        bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: noise)
        try folder.write(bytes)
        do {
            let catalogue = try folder.open(.read)
            let sentences = try catalogue.checkIntegrity()
            if sentences.isEmpty { #expect(try catalogue.photos() == sound) }
        } catch let error as CatalogueError {
            #expect(error.code == .damaged)
        }
    }

    @Test("The check names a reference to nothing, and a value that no version wrote")
    func nonsense() throws {
        _ = try folder.open().fill(photos: 0..<2)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: folder.catalogue.string, configuration: configuration)
        try queue.write { try $0.execute(sql: "DELETE FROM source") }
        #expect(try folder.open(.read).checkIntegrity().first?.contains("'photoFile'") == true)
        try queue.write { database in
            try database.execute(sql: "DELETE FROM photoFile; PRAGMA ignore_check_constraints = ON")
            try database.execute(sql: "UPDATE photo SET condition = 'superb'")
        }
        try queue.close()
        let catalogue = try folder.open(.read)
        #expect(try !catalogue.checkIntegrity().isEmpty)
        #expect(error { _ = try catalogue.photos() }?.code == .damaged)
    }
}
