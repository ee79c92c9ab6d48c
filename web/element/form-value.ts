/** Submits the element's HTML with its form, under its `name` as any form control does. */
export class FormValue {
  readonly #host: HTMLElement & { readonly value: string };
  #form: HTMLFormElement | null = null;

  constructor(host: HTMLElement & { readonly value: string }) {
    this.#host = host;
  }

  belongTo(form: HTMLFormElement | null): void {
    this.#form?.removeEventListener('formdata', this.#onFormData);
    this.#form = form;
    form?.addEventListener('formdata', this.#onFormData);
  }

  // Asked when the form is sent: serialising the document on every keystroke would cost too much.
  readonly #onFormData = (event: FormDataEvent) => {
    const name = this.#host.getAttribute('name');
    if (name !== null && name !== '') event.formData.set(name, this.#host.value);
  };
}
