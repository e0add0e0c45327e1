internal import SystemPackage

// The steps that all kinds of changes share. They throw nothing: a failing disk ends the group, which
// is then completed.
extension AlbumWriter {
    /// Writes and flushes what has to be there before the final step.
    func stage(_ group: inout Group, _ isCancelled: () -> Bool) {
        for index in group.items.indices where group.items[index].isWaiting {
            let item = group.items[index]
            if type(of: item.act.change).isStaged {
                guard group.failure == nil, !isCancelled() else { break }
                do throws(CopyFailure) {
                    group.items[index].note = try item.act.change.stage(temporary(of: item), self)
                } catch {
                    stop(&group, index, Stop(error))
                    continue
                }
            }
            group.items[index].state = .ready
        }
        for index in group.items.indices where group.items[index].isReady {
            let item = group.items[index]
            guard type(of: item.act.change).isStaged else { continue }
            let temporary = temporary(of: item)
            do throws(FileError) {
                // A link has no content of its own, and flushing its original is not our task.
                if try disk.status(of: temporary, followingLinks: false).kind == .file {
                    try disk.synchronise(temporary)
                }
            } catch {
                stop(&group, index, .refused(error, clearing: temporary))
            }
        }
    }

    /// Where only a placeholder can reserve a name, the journal first says that nothing lay there;
    /// so an empty file left by a crash is known to be ours.
    func announcePlaceholders(_ group: inout Group) {
        guard traits.renameMethod == .placeholder else { return }
        let ready = group.items.indices.filter {
            group.items[$0].isReady && group.items[$0].target != nil
        }
        do throws(FileError) {
            var free: [Int] = []
            for index in ready {
                guard let target = group.items[index].target else { continue }
                if try !files.isPresent(target) { free.append(group.items[index].number) }
            }
            if !free.isEmpty { try journal.append([Journal.placing(.placing, free)]) }
        } catch {
            for index in ready {
                let item = group.items[index]
                let isStaged = type(of: item.act.change).isStaged
                stop(
                    &group, index,
                    .refused(error, clearing: isStaged ? temporary(of: item) : nil))
            }
        }
    }

    /// What is staged is placed whatever happens: its content is there already.
    func place(_ group: inout Group, _ isCancelled: () -> Bool) {
        for index in group.items.indices where group.items[index].isReady {
            let item = group.items[index]
            if !type(of: item.act.change).isStaged {
                guard group.failure == nil, !isCancelled() else { return }
            }
            do throws(Stop) {
                try item.act.change.place(item, &group.folders, self)
                group.items[index].state = .placed
            } catch {
                stop(&group, index, error)
            }
        }
    }

    /// Takes an act out of its group.
    func stop(_ group: inout Group, _ index: Int, _ stop: Stop) {
        var failure: FileError?
        switch stop {
        case .settled: break
        case .broken(let error): failure = error
        case .refused(let error, let temporary):
            if stop.outcome == nil { failure = error }
            do throws(FileError) {
                if let temporary { try disk.removeIfPresent(temporary) }
            } catch {
                failure = failure ?? error
            }
        }
        // What was made is durably gone before the journal says that nothing is left.
        group.folders.insert(files.absolute(group.items[index].act.path).folder)
        if let failure {
            group.items[index].state = .unclear
            group.failure = group.failure ?? failure
        } else if let outcome = stop.outcome {
            group.items[index].state = .settled(outcome)
        }
    }

    // Steps that several kinds take.

    func temporary(of item: Item) -> FilePath {
        files.temporary(journal.header.run, item.number, beside: item.act.path)
    }

    /// Renames a file of the album.
    func move(
        _ from: FilePath, to: FilePath, _ folders: inout ChangedFolders
    ) throws(Stop) {
        do throws(FileError) {
            // On a disk that takes both names for one, the file lies there already.
            let isThere = isSameName(from, to) ? try files.isPresent(to) : false
            if !isThere {
                try disk.rename(
                    files.absolute(from), to: files.absolute(to), method: traits.renameMethod)
            }
        } catch {
            throw .refused(error)
        }
        folders.insert(movedFrom: files.absolute(from), to: files.absolute(to))
    }
}
