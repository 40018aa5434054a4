import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { StepText, UnblockGuide } from '../../model/notifications/unblock-steps.ts'
import { Worded } from './worded.tsx'

/** Numbered steps. */
export function GuideSteps({ steps }: { readonly steps: readonly StepText[] }) {
  return (
    <ol className="numbered">
      {steps.map((step) => (
        <li key={step}>
          <span>
            <Worded text={step} />
          </span>
        </li>
      ))}
    </ol>
  )
}

/** The steps of the detected browser, the others behind tabs. */
export function GuideTabs({ guides }: { readonly guides: readonly UnblockGuide[] }) {
  const [only] = guides
  if (guides.length === 1 && only !== undefined) return <GuideSteps steps={only.steps} />
  return (
    <Tabs>
      <TabList className="tabs" aria-label="Browser">
        {guides.map((guide) => (
          <Tab key={guide.name} id={guide.name} className="tab inset">
            {guide.name}
          </Tab>
        ))}
      </TabList>
      {guides.map((guide) => (
        <TabPanel key={guide.name} id={guide.name}>
          <GuideSteps steps={guide.steps} />
        </TabPanel>
      ))}
    </Tabs>
  )
}
