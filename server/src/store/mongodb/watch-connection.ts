import type { MongoClient, TopologyDescriptionChangedEvent } from 'mongodb'
import type { Log } from '../../observability/log.ts'

/** Says when no server takes writes any more, and when one does again. Returns what ends the watch. */
export function watchConnection(client: MongoClient, log: Pick<Log, 'info' | 'warn'>): () => void {
  let writable = true
  const look = ({ newDescription }: TopologyDescriptionChangedEvent) => {
    const now = [...newDescription.servers.values()].some((server) => server.isWritable)
    if (now === writable) return
    writable = now
    if (writable) log.info('Store: MongoDB takes writes again')
    else log.warn('Store: no MongoDB server takes writes; what needs one is refused until then')
  }
  client.on('topologyDescriptionChanged', look)
  return () => {
    client.off('topologyDescriptionChanged', look)
  }
}
