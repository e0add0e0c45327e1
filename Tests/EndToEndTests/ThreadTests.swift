// Only Linux tells in /proc what the threads of a process do.
#if os(Linux)
    import Foundation
    import SystemPackage
    import Testing
    import TestSupport

    extension EndToEnd {
        @Suite("Threads")
        struct ThreadTests {
            /// Threads beside the workers: the main one, two of Swift's pool and one that watches
            /// for signals, one that OpenBLAS starts before the program does and that then waits,
            /// and two that Dispatch keeps for a while after their queue moved on.
            static let otherThreadCount = 7

            /// Threads that may run beside the workers': the one that records results, and one
            /// that hands over between Swift's pool and a worker's queue.
            static let otherRunningCount = 2

            /// The part of all moments in which no more may run. For the others: a thread that
            /// starts, ends or wakes up counts as running while it waits for a core.
            static let calmShare = 0.95

            /// Settings of libraries by users who do not know about workers.
            static let greedy = ["OMP_NUM_THREADS": "16", "OPENBLAS_NUM_THREADS": "16"]

            @Test(
                "As many threads work as there are workers, whatever the settings of BLAS and OpenMP",
                arguments: [[:], greedy])
            func threads(environment: [String: String]) throws {
                let event = try Event.small()
                let pictures = Event.samples + "/faces"
                let names = try FileManager.default.contentsOfDirectory(atPath: pictures)
                for name in names.filter({ $0.hasSuffix(".jpg") }).sorted().prefix(6) {
                    let file = URL(fileURLWithPath: pictures + "/" + name)
                    try event.write(Data(contentsOf: file), to: "photos/" + name)
                }
                let jobs = 2
                // OpenBLAS and Swift's pool start as many as there are cores; so there are two.
                var program = event.program
                program.command = try ["/usr/bin/taskset", "-c", twoCores(), Program.path]
                program.environment = environment
                let started = try program.start(event.sort + ["--jobs", "\(jobs)"])
                var counts: [Int] = []
                var runningCounts: [Int] = []
                _ = started.reached {
                    let states = states(of: started.processIdentifier)
                    counts.append(states.count)
                    runningCounts.append(states.count { $0 == "R" })
                    return false
                }
                #expect(started.ended().status == 0)

                let most = try #require(counts.max())
                // Otherwise it was over before anything was seen.
                try #require(counts.count > 100)
                let calm = Int(Self.calmShare * Double(runningCounts.count))
                let mostRunning = runningCounts.sorted()[calm]
                print("\(jobs) workers: \(most) threads, \(mostRunning) of them running at once")
                #expect(mostRunning >= jobs)
                #expect(most <= jobs + Self.otherThreadCount)
                #expect(mostRunning <= jobs + Self.otherRunningCount)
            }

            /// What each thread of a process does, as one letter (see proc(5)): `R` runs or would
            /// if it had a core, `S` waits. Nothing for a process that has ended.
            private func states(of process: Int32) -> [Character] {
                let folder = "/proc/\(process)/task"
                let threads = try? FileManager.default.contentsOfDirectory(atPath: folder)
                return (threads ?? []).compactMap { thread in
                    // The state follows the name, which stands in brackets and may hold any.
                    guard let text = try? text(of: "\(folder)/\(thread)/stat"),
                        let bracket = text.lastIndex(of: ")")
                    else { return nil }
                    return text[bracket...].dropFirst(2).first
                }
            }

            /// Two of the cores this process may use, as `taskset` takes them; one if it has one.
            private func twoCores() throws -> String {
                let status = try text(of: "/proc/self/status")
                let line = try #require(
                    status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
                let list = try #require(line.split(whereSeparator: \.isWhitespace).last)
                let cores = list.split(separator: ",").flatMap { part in
                    let ends = part.split(separator: "-").compactMap { Int($0) }
                    return ends.isEmpty ? [] : Array(ends[0]...ends[ends.count - 1])
                }
                return cores.prefix(2).map(String.init).joined(separator: ",")
            }

            private func text(of path: String) throws -> String {
                let file = try FileDescriptor.open(FilePath(path), .readOnly)
                let bytes = try file.closeAfter {
                    // Files of /proc have no length, so they are read to their end.
                    try FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: false)
                        .readToEnd()
                }
                return String(decoding: bytes ?? Data(), as: UTF8.self)
            }
        }
    }
#endif
