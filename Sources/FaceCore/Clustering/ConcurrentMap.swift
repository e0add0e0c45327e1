import Dispatch
import Synchronization

/// The results for all elements, in their order, without `nil`; uses all cores.
func concurrentMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ result: @Sendable (Element) -> Result?
) -> [Result] {
    let parts = Mutex<[Int: [Result]]>([:])
    // Few enough that each is worth the lock, many enough that no core waits.
    let size = max(1, elements.count / 256)
    let count = (elements.count + size - 1) / size
    DispatchQueue.concurrentPerform(iterations: count) { part in
        let found = elements[part * size..<min(elements.count, (part + 1) * size)]
            .compactMap(result)
        parts.withLock { $0[part] = found }
    }
    return parts.withLock { parts in (0..<count).flatMap { parts[$0] ?? [] } }
}
