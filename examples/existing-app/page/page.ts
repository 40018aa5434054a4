import { createBelfry } from '@belfry/browser'

export function turnOnNotifications(button: HTMLButtonElement, token: string): void {
  const belfry = createBelfry({ baseUrl: 'https://belfry.example.com', getToken: () => token })
  void belfry.sync()
  button.addEventListener('click', () => {
    void belfry.enable().then((result) => {
      button.textContent = result.kind === 'enabled' ? 'Notifications are on' : result.sentence
    })
  })
}
