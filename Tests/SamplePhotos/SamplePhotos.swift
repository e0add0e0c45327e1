import ArgumentParser
import Foundation

@main
struct SamplePhotos: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample-photos",
        abstract: "Compose photos from the sample portraits: for the demo, tests and benchmarks.",
        discussion: "Equal samples and options give equal pictures. 'Scripts/setup' fetches the "
            + "samples.",
        subcommands: [EventCommand.self, MixedEventCommand.self, BenchmarkCommand.self])
}

struct Folders: ParsableArguments {
    @Option(help: "The folder that holds 'johns' and 'faces'.")
    var samples: String

    @Option(name: .customLong("to"), help: "The folder to write into; made if it is not there.")
    var target: String
}

struct EventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "Compose a small event: people, photos and the truth about them.")

    @OptionGroup var folders: Folders

    func run() throws {
        let portraits = try Portraits(samples: folders.samples)
        var event = SampleEvent(portraits: portraits, folder: folders.target)
        try event.write()
    }
}

struct MixedEventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixed-event",
        abstract: "Compose a large event of mixed sizes: to measure how a long run goes.",
        discussion: "About 1.5 MB and a third of a second a photo.")

    @OptionGroup var folders: Folders

    @Option(help: "The number of photos.")
    var count = 3000

    @Option(help: "Another seed gives other photos.")
    var seed: UInt64 = 1

    func validate() throws {
        guard (1...99_999).contains(count) else {
            throw ValidationError("--count is a number from 1 to 99999")
        }
    }

    func run() throws {
        let portraits = try Portraits(samples: folders.samples)
        try MixedEvent(portraits: portraits, folder: folders.target).write(count: count, seed: seed)
    }
}

struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Compose 12-megapixel photos whose faces' boxes are known.")

    @OptionGroup var folders: Folders

    @Option(help: "The number of photos.")
    var count = 12

    @Option(help: "Another seed gives other photos.")
    var seed: UInt64 = 1

    func validate() throws {
        guard (1...9999).contains(count) else {
            throw ValidationError("--count is a number from 1 to 9999")
        }
    }

    func run() throws {
        let portraits = try Portraits(samples: folders.samples)
        try BenchmarkPhotos(portraits: portraits, folder: folders.target)
            .write(count: count, seed: seed)
    }
}
