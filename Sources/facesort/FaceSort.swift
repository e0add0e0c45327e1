import AlbumKit
import ArgumentParser

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@main
struct FaceSort: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facesort",
        abstract: "Sort the photos of an event by the faces in them.",
        discussion: HelpText.discussion(
            """
            Give it a portrait of each person. It copies every photo into the folders of the people
            in it, also into 'group' when it has three or more faces, and into 'unknown' when it
            recognises nobody. Originals are never changed, and nothing leaves this computer.
            """,
            examples: [
                "facesort sort ~/Pictures/Party --people ~/People --to ~/Desktop/Party"
            ],
            statuses: ExitStatus.allCases),
        version: "0.1.0",
        subcommands: [
            Sort.self, Review.self, Faces.self, Groups.self, People.self, Why.self, Clean.self,
            Keep.self, Rename.self, Undo.self, Status.self, Check.self, Models.self,
        ])

    static func main() async {
        // A reader that goes away (`| head`) ends the printing, without a crash; the work goes on.
        signal(SIGPIPE, SIG_IGN)
        Console.occupyClosedStreams()
        let arguments = RawArguments.escaped()
        var isWork = false
        var status = await run(arguments, &isWork)
        if let failure = Console.standard.outputFailure {
            let what = "the output cannot be written: \(failure)"
            if isWork {
                // What it did stands, so the status is about that.
                Console.standard.message("facesort: warning: \(what)")
            } else if status == .done {
                Console.standard.message("facesort: error: \(what)")
                status = .failed
            }
        }
        status.exit()
    }

    /// - Parameter isWork: whether the command has changed files, rather than answered a question.
    private static func run(_ arguments: [String], _ isWork: inout Bool) async -> ExitStatus {
        // Read before parsing, which may fail; after '--' there are only paths.
        let flags = arguments.prefix { $0 != "--" }
        let asJSON = flags.contains("--json")
        do {
            let command = try parseAsRoot(arguments)
            isWork = (command as? any WorkCommand)?.isWork ?? false
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
            return .done
        } catch let status as ExitStatus {
            return status
        } catch let error as AlbumError {
            ErrorReport.show(error, asJSON: asJSON)
            if flags.contains("--verbose") || flags.contains("-v"), !asJSON {
                ErrorReport.showCause(of: error)
            }
            return ExitStatus(error)
        } catch {
            let message = RawArguments.shown(fullMessage(for: error))
            guard exitCode(for: error) != .success else {
                Console.standard.result(HelpText.inReadingOrder(message))
                return .done
            }
            ErrorReport.showUsage(
                RawArguments.shown(self.message(for: error)), fullMessage: message,
                asJSON: asJSON)
            return .usage
        }
    }
}

/// A command that changes files: its output only reports that, it is not the purpose.
protocol WorkCommand: ParsableCommand {
    /// Whether it changes files this time.
    var isWork: Bool { get }
}

extension Sort: WorkCommand { var isWork: Bool { !dryRun } }
extension Undo: WorkCommand { var isWork: Bool { !dryRun } }
extension Clean: WorkCommand { var isWork: Bool { moving.apply } }
extension KeepTrain: WorkCommand { var isWork: Bool { true } }
extension KeepApply: WorkCommand { var isWork: Bool { moving.apply } }
extension Rename: WorkCommand { var isWork: Bool { apply } }
